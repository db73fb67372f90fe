"""What `--help` says: a paragraph, the help of an option, or a piece of a line of examples, to its Chinese."""

HELP: dict[str, str] = {
    # all commands
    "Examples:": "示例：",
    "Language of what is said and written; else $SITING_LANG, else that of this computer.": (
        "输出所用的语言；未指定时取 $SITING_LANG，再取本机语言。"
    ),
    "Show this message and exit.": "显示本说明并退出。",
    "Show the version and exit.": "显示版本并退出。",
    "Open virtual layers (.vrt and others) and layers of other computers, too.": (
        "也打开虚拟图层（.vrt 等）和其他计算机上的图层。"
    ),
    "Replace what is there and siting did not write, or wrote for another study; never what is read.": (
        "覆盖已有的、并非由 siting 写出或为其他研究写出的文件；绝不覆盖所读取的文件。"
    ),
    "Change a value of the study; repeatable.": "修改研究文件中的一个取值；可重复。",
    "Only this programme; repeatable.": "只取此方案；可重复。",
    "Only this programme or portfolio; repeatable.": "只取此方案或统筹方案；可重复。",
    # siting
    "Sites for public infrastructure: the best plan on real roads, and a proof of how good it is.": (
        "公共设施选址：真实路网上的最优方案，并证明它有多好。"
    ),
    "a working study to start from": "写出可运行的示例研究",
    "every fault of the inputs at once": "一次列出输入的全部错误",
    "the best plan and how good it is": "最优方案及其优劣",
    "is all of it so? by other code": "用另一套代码核对全部结果",
    "what changed": "比较有何变化",
    "siting export results/a --to plan.xlsx for other programs": (
        "siting export results/a --to plan.xlsx 供其他软件使用"
    ),
    "STUDY is a study file, or the folder with its study.toml. `siting COMMAND --help` has the options of a command, "
    "and examples.": ("STUDY 为研究文件，或含有 study.toml 的文件夹。`siting 命令 --help` 列出各命令的选项与示例。"),
    "Exit codes:": "退出码：",
    "done, and proven within the asked gap": "完成，并在所要求的差距内得到证明",
    "wrong use": "用法有误",
    "a study with faults": "研究有错误",
    "proven infeasible": "已证明无可行方案",
    "stopped at a limit with a plan in hand": "到达限制而停止，已得方案",
    "stopped with nothing": "停止时没有方案",
    "a check failed": "有检验不成立",
    "Completion of commands and options by the Tab key:": "用 Tab 键补全命令与选项：",
    "add to ~/.bashrc:": "写入 ~/.bashrc：",
    "add to ~/.zshrc:": "写入 ~/.zshrc：",
    "A working study to start from.": "写出可运行的示例研究，由此改起。",
    "Every fault of the inputs at once.": "一次列出输入的全部错误。",
    "Roads: import them, look at them.": "路网：导入与查看。",
    "The best plan, how good it is, and the files to open.": "最优方案、其优劣，以及可打开的文件。",
    "Everything in a result recomputed by other code.": "用另一套代码重新核对结果中的一切。",
    "Plans side by side: figures, sites gained and lost, districts.": "并列比较方案：指标、站点增减、分区。",
    "Many runs over values of a study, one table.": "改变研究取值多次计算，汇成一表。",
    "A plan for other programs: .gpkg .shp .kml .xlsx and more.": "导出给其他软件：.gpkg .shp .kml .xlsx 等。",
    "The report of a result as one page, in English or Chinese.": "结果报告，单页，英文或中文。",
    "The models a programme can name.": "方案可用的模型。",
    "The engines that solve, and how to get more.": "求解器，以及如何安装更多。",
    "Versions of siting and its libraries.": "siting 及其程序库的版本。",
    # network
    "Roads: import them, look at them, travel on them.": "路网：导入、查看、计算出行。",
    "A network from an OSM extract or a line layer.": "由 OSM 数据或线图层建立路网。",
    "Its size, kilometres by class, and faults.": "路网规模、各等级公里数与错误。",
    "Junctions as candidate sites.": "以路口为候选站点。",
    "A table of travel for any program.": "供任何软件使用的出行表。",
    # new
    "Write a small study that runs, to be changed into your own.": "写出一个可运行的小研究，供修改成自己的研究。",
    "Examples to start from (--from); all but the first two are worked out by hand:": (
        "可选的示例（--from）；除前两个外均附手工算例："
    ),
    "a small town with streets, places, candidate sites and an existing one": (
        "一座小镇：街道、需求点、候选站点和一个现有站点"
    ),
    "travel times from a table in place of a road network": "以时间表代替路网",
    "the best site first is not the best plan": "逐个选最好的站点得不到最好的方案",
    "what fairness costs": "公平的代价",
    "who travels decides where": "谁出行决定选在哪里",
    "the fewest sites are not the cheapest": "站点最少不等于造价最低",
    "sites that are full, capacity in modules": "站点会满，容量按模块增加",
    "one street, four meanings of best": "一条街道，“最优”的四种含义",
    "whole piles under a grid limit": "电网上限下的整数台充电桩",
    "vehicles that may be out on a call": "可能正在出勤的车辆",
    "where a station refuels a trip": "车站在何处为出行补能",
    "centres that feed stations": "中心供应各站",
    "customers and a competitor": "顾客与竞争者",
    "two programmes under one budget": "两个方案共用一笔预算",
    "build now, or save for something better": "现在就建，还是留钱以后建得更好",
    "Which of the examples below.": "下列示例之一。",
    # check
    "Read a study (its file or its folder), layers and roads, bring points to their roads, and report every fault.": (
        "读取研究（文件或文件夹）、图层与路网，将各点接到道路上，并报告全部错误。"
    ),
    "Each fault is one line: place in the study or layer, what is the case, what to do. Exit code 3 when there are "
    "any.": "每个错误一行：在研究或图层中的位置、情况、如何改正。有错误时退出码为 3。",
    # network junctions
    "Candidate sites where nobody has drawn any: junctions of the main part of a network, evenly thinned.": (
        "没有现成候选站点时的候选站点：路网主体部分的路口，均匀抽稀。"
    ),
    "They are places one can reach, and nothing more: whether there is land to build on, and at what cost, they do "
    "not say.": "它们只是可以到达的地点；是否有地可建、造价多少，须另行确定。",
    "Whose network.": "哪种出行方式的路网。",
    "Road class whose junctions count; repeatable.  [default: all]": "计入哪一等级道路的路口；可重复。  [默认：全部]",
    "One junction for each square of this size.": "每个此边长的方格取一个路口。",
    # network times
    "Travel between places and facilities within a limit, as a table `demand`, `site`, `value` for any program.": (
        "在上限内需求点与设施之间的出行，写成供任何软件使用的表，列为 `demand`、`site`、`value`。"
    ),
    "Values are seconds with --limit-min and metres with --limit-m. A study takes the table in place of roads: "
    '[travel] matrix = "times.csv", unit = "s".': (
        "用 --limit-min 时数值为秒，用 --limit-m 时为米。研究可用此表代替路网："
        '[travel] matrix = "times.csv", unit = "s"。'
    ),
    "Layer or table of places.": "需求点的图层或表。",
    "Layer or table of facilities.": "设施的图层或表。",
    "Column of the places' ids.": "需求点编号列。",
    "Column of the facilities' ids.": "设施编号列。",
    "Column of x or longitude, for tables.": "表中的横坐标或经度列。",
    "Column of y or latitude, for tables.": "表中的纵坐标或纬度列。",
    "Coordinate system of x and y, such as EPSG:4326.": "坐标所用的坐标系，如 EPSG:4326。",
    "Who travels.": "出行方式。",
    "Which way: people to the facility, or from it to them.": "方向：人去设施，或自设施到人。",
    "Within so many minutes.": "时间上限（分钟）。",
    "Within so many metres along the road.": "沿路距离上限（米）。",
    "Only so many nearest facilities of each place.": "每个需求点只取最近的若干设施。",
    "How far from a road a point may lie.": "点距道路的上限（米）。",
    "Leave out the way between a point and its road.": "不计点与道路之间的一段。",
    # network import
    "Make a routable network from an OpenStreetMap extract or a line layer.": (
        "由 OpenStreetMap 数据或线图层建立可计算路径的路网。"
    ),
    "The network to write: .parquet or .gpkg.": "写出的路网：.parquet 或 .gpkg。",
    "Polygon layer; roads that touch it are kept, whole.": "面图层；与之相接的道路整条保留。",
    "Keep roads open to it; repeatable.  [default: all]": "保留向该方式开放的道路；可重复。  [默认：全部]",
    "Metric coordinate system of the result, such as EPSG:4547.  [default: by place]": (
        "结果所用的米制坐标系，如 EPSG:4547。  [默认：按位置]"
    ),
    "Driving speed in km/h of a class without a limit; repeatable.": "未标限速的某一等级的车速（公里/时）；可重复。",
    "OSM: take ferries as roads.": "OSM：将渡轮视为道路。",
    "Line layers: which layer of the file.": "线图层：取文件中的哪个图层。",
    "Line layers: encoding of the texts, such as GBK.  [default: as the file says]": (
        "线图层：文字编码，如 GBK。  [默认：按文件说明]"
    ),
    "Line layers: ROLE=COLUMN; repeatable; roles: class, speed, oneway, name, ref, level, bridge, tunnel.": (
        "线图层：ROLE=COLUMN（含义=列名）；可重复；含义有：class, speed, oneway, name, ref, level, bridge, tunnel。"
    ),
    "Line layers: WORD=CLASS for its own words; repeatable.": "线图层：WORD=CLASS，将其用词对应到等级；可重复。",
    "Line layers: a one-way word for as drawn; repeatable.": "线图层：表示顺绘制方向单行的词；可重复。",
    "Line layers: a one-way word for against it; repeatable.": "线图层：表示逆绘制方向单行的词；可重复。",
    "Line layers: undo the shift of Chinese web maps.": "线图层：校正中国网络地图的坐标偏移。",
    "Line layers: cut lines that cross at one level.": "线图层：在同层交叉处打断。",
    # network info
    "Nodes, edges, kilometres by class, parts, dead ends, islands, odd speeds and other faults.": (
        "节点、路段、各等级公里数、连通部分、断头路、孤立部分、异常车速及其他错误。"
    ),
    "Write the faults as a layer (.gpkg, .geojson, .fgb, .parquet).": (
        "将错误写成图层（.gpkg、.geojson、.fgb、.parquet）。"
    ),
    # run
    "Solve a study (its file or its folder) and write its result directory.": (
        "求解一个研究（文件或文件夹），写出结果文件夹。"
    ),
    "The directory holds report.html, plan.gpkg for QGIS and ArcGIS (plan.qgz opens all of it in QGIS), sites.csv, "
    "maps and result.json; it is written whole or not at all. Files of your own in it stay.": (
        "文件夹中有 report.html、供 QGIS 与 ArcGIS 使用的 plan.gpkg（plan.qgz 可在 QGIS 中打开全部图层）、"
        "sites.csv、地图和 result.json；要么完整写出，要么不写。其中您自己的文件保持不变。"
    ),
    "Ctrl-C keeps the best plan found so far; a second Ctrl-C stops at once.": (
        "按 Ctrl-C 停止并保留已得的最好方案；再按一次立即停止。"
    ),
    "The result directory.  [default: results/<study>]": "结果文件夹。  [默认：results/<study>]",
    "The study as it is in this scenario of it.": "按研究中的此情景求解。",
    "What solves; see `siting engines`.": "求解器；见 `siting engines`。",
    "Seconds for each programme.": "每个方案的时间上限（秒）。",
    "Relative gap that counts as proven, such as 0.01.": "视为已证明的相对差距，如 0.01。",
    "K other plans that are nearly as good.": "另求 K 个几乎同样好的方案。",
    "What each of them may lose, such as 2%.": "每个其他方案允许的损失，如 2%。",
    "What is lost without each site, or by forcing it in.": "去掉或强制选入各站点的损失。",
    # verify
    "Recompute everything in a result from its inputs, by other code than the code that made it.": (
        "由输入重新计算结果中的一切，所用代码不同于生成结果的代码。"
    ),
    "Travel, rules, costs, service, objective, figures, files and bound: each check is a sentence that holds, fails, "
    "or was not checked and why.": (
        "出行、规则、造价、服务、目标、指标、文件与理论界：每项检验是一句话，成立、不成立，或未检验并说明原因。"
    ),
    "the study was moved": "研究已移动位置",
    "Exit code 0 only where every check that can be made holds; 7 where one fails or an input has changed; 3 where "
    "an input is missing. What was not checked is said, with the reason.": (
        "所有能做的检验都成立时退出码才为 0；有检验不成立或输入已改变时为 7；缺少输入时为 3。未检验的内容会说明原因。"
    ),
    "The study, where it is not where the result says.": "研究文件不在结果所记的位置时，指明其位置。",
    "Go on where inputs have changed since the result was computed.": "计算结果后输入已改变时仍继续。",
    "List every check, not only those that do not hold.": "列出全部检验，而不只是不成立者。",
    "Every verdict as JSON.": "以 JSON 输出全部结论。",
    # compare
    "Compare two or more results: figures, sites gained and lost, coverage by district.": (
        "比较两个或更多结果：指标、站点增减、各分区覆盖率。"
    ),
    "runs of a sweep by their number": "按序号比较多方案计算中的结果",
    "The first plan is what the others are compared with. A figure a plan does not have is left empty.": (
        "以第一个方案为比较基准。方案没有的指标留空。"
    ),
    "Also write it: .html with maps, .md, .xlsx, .csv or .json.": (
        "同时写出：.html（带地图）、.md、.xlsx、.csv 或 .json。"
    ),
    # sweep
    "Run a study over values of its keys: a grid, one at a time, or samples of ranges; and over its scenarios.": (
        "改变研究中键的取值多次计算：网格、逐个改变或区间抽样；也可计算各情景。"
    ),
    "# or { low = 300, high = 500 } for lhs and sobol": "# lhs 与 sobol 用 { low = 300, high = 500 }",
    "# a name for values that come together": "# 为一组同时出现的取值命名",
    "Designs:": "试验设计：",
    "every combination of the values": "取值的全部组合",
    "the study as it is, then every value alone: a tornado": "原方案，再逐个改变每个取值：龙卷风图",
    "--samples N points spread over ranges: rank correlations": "在区间内散布 --samples N 个点：秩相关",
    "--samples N times (keys + 2) runs: first and total order indices": (
        "--samples N ×（键数 + 2）次计算：一阶与总敏感性指标"
    ),
    "Scenarios stand in the study ([scenarios.NAME]) or the plan file; base is the study as it is. Every plan is then "
    "valued in every other scenario, and the one of the least greatest regret is named. With --scheduler the workers "
    "read the study and write the results: both must lie in a folder that all of them see.": (
        "情景写在研究（[scenarios.NAME]）或计划文件中；base 为原方案。每个方案随后在其他各情景中估值，"
        "并指出最大后悔值最小者。使用 --scheduler 时由各工作进程读取研究、写出结果：两者须在它们都能访问的文件夹中。"
    ),
    "Every run is on disk as soon as it ends. The same command started again runs only what is missing. Two runs that "
    "differ by less than their gaps may be equally good; ask for a smaller --gap to tell them apart. Programmes that "
    "no varied key belongs to are left out, unless -p names them.": (
        "每次计算结束即写入磁盘。再次运行同一命令只计算缺少的部分。差异小于其差距的两次计算可能同样好；"
        "要区分优劣，请减小 --gap。不含变动键的方案不计算，除非用 -p 指名。"
    ),
    "Values of a key, or LOW:HIGH; repeatable.": "一个键的取值，或 LOW:HIGH（下限:上限）；可重复。",
    "Varied keys that change together; repeatable.": "同时变动的键；可重复。",
    "A scenario of the study, base, or all; repeatable.": "研究的一个情景、base（原方案）或 all（全部）；可重复。",
    "A file that says what is varied.": "说明变动内容的文件。",
    "How values are combined.  [default: grid]": "取值如何组合。  [默认：grid]",
    "Samples of lhs, sobol and saltelli.": "lhs、sobol 与 saltelli 的样本数。",
    "Of sampled designs.  [default: 0]": "抽样设计的随机种子。  [默认：0]",
    "Programmes solved at once.  [default: number of cores]": "同时求解的方案数。  [默认：处理器核数]",
    "Runs at a time.  [default: number of cores]": "同时进行的计算数。  [默认：处理器核数]",
    "A Dask scheduler, whose workers do the runs.": "Dask 调度器地址，由其工作进程计算。",
    "A Dask scheduler, whose workers solve districts (decompose).": (
        "Dask 调度器地址，由其工作进程分区求解（decompose）。"
    ),
    "The folder of the sweep.": "多方案计算的文件夹。",
    "Draw the maps of every run.": "为每次计算绘制地图。",
    # export
    "Write the layers of a result for another program; the ending says the format.": (
        "将结果的图层写给其他软件使用；格式由文件后缀决定。"
    ),
    ".gpkg holds every layer of every programme, styled for QGIS; .xlsx a summary, the sites decided on, and the sites "
    "and places of every programme. The others hold one kind of layer (--layer): all programmes one below the other, "
    "told apart by the column programme; -p takes one alone. .geojson and .kml are in degrees (WGS 84), the others in "
    "the system of the study; .csv has the coordinates as columns x and y, lines as text. Texts are UTF-8 everywhere "
    "(.shp says so in its .cpg, .csv by its first bytes), so that Chinese opens as it is.": (
        ".gpkg 含每个方案的全部图层，带 QGIS 样式；.xlsx 含汇总、选定的站点，以及每个方案的站点与需求点。"
        "其他格式只含一种图层（--layer）：各方案依次排列，以 programme 列区分；-p 只取一个方案。"
        ".geojson 与 .kml 为经纬度（WGS 84），其他为研究的坐标系；.csv 以 x、y 两列给出坐标，线写成文本。"
        "文字一律为 UTF-8（.shp 在 .cpg 中注明，.csv 以文件头注明），中文可直接打开。"
    ),
    "A GeoPackage that is there keeps the layers of others: only those of the same name that siting wrote are "
    "replaced.": "已有的 GeoPackage 保留其他图层：只替换由 siting 写出的同名图层。",
    "With --routes, --areas or --streets, write these in their place, drawn on the roads of the study.": (
        "使用 --routes、--areas 或 --streets 时改为写出这些图层，按研究的路网绘制。"
    ),
    "File to write: .gpkg .geojson .shp .fgb .kml .parquet .csv .xlsx": (
        "写出的文件：.gpkg .geojson .shp .fgb .kml .parquet .csv .xlsx"
    ),
    "For formats of one layer: which; flows are trips to be refuelled.": (
        "单图层格式：取哪种图层；flows 为待补能的出行。"
    ),
    "Only the sites that are chosen.": "只取选中的站点。",
    "The study of the result, for the three options below.": "结果的研究文件，供以下三个选项使用。",
    "The ways between places and their sites as road lines.": "需求点与其站点之间的道路路线。",
    "Areas within a third, two thirds and all of the reach of each site.": "各站点服务范围的三分之一、三分之二与全部。",
    "The streets within the reach of each site.": "各站点服务范围内的街道。",
    # report
    "Write the report of a result directory as one page that needs no internet.": (
        "将结果文件夹的报告写成单个网页，无需联网。"
    ),
    "What was decided and why, how good it is, a map to move in, tables that sort, charts, the rules, the inputs: from "
    "result.json and plan.gpkg. The pictures in it are drawn anew in the language of the page.": (
        "决策内容与理由、优劣证明、可移动的地图、可排序的表格、图表、规则与输入，均取自 result.json 与 plan.gpkg。"
        "其中的图片按网页的语言重新绘制。"
    ),
    "The page, .html.  [default: DIR/report.html]": "网页，.html。  [默认：DIR/report.html]",
    # models, engines, versions
    "The models a programme can name, what each decides, an example to start from, and its source.": (
        "方案可用的模型、各自决定什么、可作起点的示例及文献。"
    ),
    "The engines that solve programs, what each can, and how to install those that are missing.": (
        "求解器、各自的能力，以及如何安装尚缺者。"
    ),
    "Versions of siting and of the libraries that decide its answers.": "siting 及决定其结果的程序库的版本。",
}
