"""Faults of sweeps: plans, runs, folders, workers."""

SENTENCES: dict[str, str] = {
    # what another sweep in the folder differs in
    "{key} was {before} and is {now}": "{key} 原为 {before}，现为 {now}",
    "no key": "无参数",
    "it varies {before}; this one {now}": "原有的变动参数为 {before}；本次为 {now}",
    "{key} was another range": "{key} 的范围不同",
    "{key} had the values {gone} too": "{key} 原先还有取值 {gone}",
    "it had the scenario {scenario} too": "原先还有情景 {scenario}",
    "one of them has scenarios and the other has none": "一方有情景而另一方没有",
    "samples was {old} and is {new}": "samples 原为 {old}，现为 {new}",
    "{changed}; lhs draws other points for another number": "{changed}；样本数不同时 lhs 会抽取不同的点",
    # what is varied
    "nothing is varied; give --vary KEY=V1,V2,... or a plan with a table [vary]": (
        "没有变动的参数；请给出 --vary KEY=V1,V2,... 或含 [vary] 表的计划文件"
    ),
    "{key} is varied twice; give all its values at once": "{key} 被重复变动；请一次给出其全部取值",
    "design {design} is not known; designs are {designs}": "没有试验设计 {design}；可用的有 {designs}",
    "seed is {seed}; write a whole number of at least 0": "seed 为 {seed}；请写不小于 0 的整数",
    "asks for {runs:,} runs; at most {most:,} are made: give fewer {more}": (
        "需计算 {runs:,} 次，最多允许 {most:,} 次；请减少{more}"
    ),
    "samples": "样本数",
    "values": "取值",
    "{key} has a range, which only lhs and sobol sample; list its values for a grid": (
        "{key} 给出的是区间，只有 lhs 和 sobol 对区间抽样；grid 请逐一列出取值"
    ),
    "design {design} needs a number of samples; give --samples N": "试验设计 {design} 需要样本数；请给出 --samples N",
    "design {design} samples keys and none is varied; give --vary KEY=LOW:HIGH": (
        "试验设计 {design} 对参数抽样，但没有变动的参数；请给出 --vary KEY=LOW:HIGH"
    ),
    "design {design} makes every run of its values; --samples belongs to lhs and sobol": (
        "试验设计 {design} 计算全部取值；--samples 只用于 lhs 和 sobol"
    ),
    "samples is {samples}; at least 1 is needed": "samples 为 {samples}；至少为 1",
    "together names {key}, which is not varied; vary it too, or take it out": (
        "together 中的 {key} 没有变动；请变动该参数，或将其去掉"
    ),
    "together names {key} twice; a key belongs to one group": "together 中 {key} 出现两次；一个参数只能属于一组",
    "{keys} change together: give all of them lists, or all of them ranges": (
        "{keys} 同时变动：请全部给出列表，或全部给出区间"
    ),
    "{key} has {n}": "{key} 有 {n} 个",
    "keys that change together need as many values each: {told}": "同时变动的参数取值个数须相同：{told}",
    "scenario {name} is named twice": "情景 {name} 重名",
    "{key} is varied and set by scenario {scenario}; do one of the two": (
        "{key} 既被变动，又由情景 {scenario} 设定；请只取其一"
    ),
    # plans
    "--vary {text}   is not KEY=V1,V2,...; write for example programmes.parking.open=100,135,170": (
        "--vary {text}   不是 KEY=V1,V2,... 的形式；例如 programmes.parking.open=100,135,170"
    ),
    "--together {text}   names one key; name at least two, with a comma between": (
        "--together {text}   只有一个参数；请至少写两个，以逗号分隔"
    ),
    'the study has no scenarios; write for example [scenarios.growth] and "KEY" = VALUE into it': (
        '研究文件没有情景；例如写入 [scenarios.growth] 和 "KEY" = VALUE'
    ),
    "{path}   does not exist": "{path}   不存在",
    "{path}   cannot be read ({said}); name a file that you may read": (
        "{path}   无法读取（{said}）；请指定有权读取的文件"
    ),
    "{path}   is not valid TOML: {error}": "{path}   不是有效的 TOML：{error}",
    "{path}   has a key of more than {most} parts ({deep}...); write it flat": (
        "{path}   有超过 {most} 级的键（{deep}...）；请减少层级"
    ),
    "{name}: {key}   is not a known key; {remedy}": "{name}：{key}   不是已知的键；{remedy}",
    "remove it": "请将其去掉",
    '{name}: vary   must be a table, for example [vary] and "programmes.parking.open" = [1]': (
        '{name}：vary   须为表，例如 [vary] 和 "programmes.parking.open" = [1]'
    ),
    "{name}: {key}   is {value!r}; write a whole number": "{name}：{key}   为 {value!r}；请写整数",
    "{name}: programmes   must be a list of names": "{name}：programmes   须为名称列表",
    "{key}   runs from {low:g} to {high:g}; write numbers between {least:g} and {most:g}": (
        "{key}   区间为 {low:g} 至 {high:g}；数值须在 {least:g} 与 {most:g} 之间"
    ),
    "{key}   runs from {low:g} to {high:g}; the first must be the smaller": (
        "{key}   区间为 {low:g} 至 {high:g}；前者须小于后者"
    ),
    "{file}: vary.{key}   needs numbers low and high and nothing else": ("{file}：vary.{key}   须只含数值 low 和 high"),
    "{file}: vary.{key}   needs a list of values, or low and high": "{file}：vary.{key}   须为取值列表，或 low 和 high",
    "{file}: together   must be a list of lists of keys, such as [[KEY, KEY]]": (
        "{file}：together   须为由键列表组成的列表，例如 [[KEY, KEY]]"
    ),
    '{file}: scenarios.{name}   must be a table, for example "KEY" = VALUE': (
        '{file}：scenarios.{name}   须为表，例如 "KEY" = VALUE'
    ),
    "{file}: scenarios.{name}   is the study as it is; give it another name": (
        "{file}：scenarios.{name}   该名称表示未修改的研究文件；请另取名称"
    ),
    "{file}: scenarios   must be a table of scenarios, or a list of names of the study's": (
        "{file}：scenarios   须为情景表，或研究文件中情景名称的列表"
    ),
    "{file}: scenarios   names scenarios of a study, and no study was given": (
        "{file}：scenarios   引用了研究文件的情景，但未给出研究文件"
    ),
    # runs
    "{unknown} is no programme of {name}; it has {known}": "{name} 中没有方案 {unknown}；现有 {known}",
    "{key} is varied, and an option sets it to {value}; take one of them out": (
        "{key} 既被变动，又由选项设为 {value}；请去掉其中之一"
    ),
    "a process ended suddenly, perhaps for lack of memory; start the same again with fewer --jobs: a sweep does only "
    "what is missing": "一个进程意外终止，可能是内存不足；请减小 --jobs 后重新运行同一命令：多方案计算只算尚缺的部分",
    # plans in other scenarios
    "not valued: {error}": "未能评价：{error}",
    "{scenario}: {why}": "{scenario}：{why}",
    "{site} is no site there": "该情景没有站点 {site}",
    "{site} may not open there": "该情景不允许站点 {site} 开放",
    "its sites and units cannot serve what must be served there": "其站点与设备不能满足该情景必须服务的需求",
    # folders
    "{out}   is a file; name a folder for the sweep": "{out}   是文件；请为多方案计算指定文件夹",
    "{out}   holds files that are no sweep ({files}); name an empty or a new folder": (
        "{out}   含有不属于多方案计算的文件（{files}）；请指定空文件夹或新文件夹"
    ),
    "{out}   cannot be read ({error}); name a new folder": "{out}   无法读取（{error}）；请指定新文件夹",
    "{out}   holds another sweep:": "{out}   含有另一次多方案计算：",
    "  {line}": "  {line}",
    "  name a new folder, or ask for the same sweep with more values": "  请指定新文件夹，或在同一计算中增加取值",
    "{out}   another sweep is at work in it; wait for its end, or name a new folder": (
        "{out}   另一次多方案计算正在使用；请等待其结束，或指定新文件夹"
    ),
    # workers
    "--scheduler needs Dask, which is not installed; install it with: pip install 'siting-solver[dask]', or leave "
    "--scheduler out and give --jobs N to use the cores of this computer": (
        "--scheduler 需要 Dask，尚未安装；请用 pip install 'siting-solver[dask]' 安装，"
        "或去掉 --scheduler，改用 --jobs N 使用本机多核"
    ),
    "--scheduler {scheduler}   no Dask scheduler answers there ({error}); start one with `dask scheduler` and give the "
    "address that it prints, such as tcp://10.0.0.5:8786": (
        "--scheduler {scheduler}   没有 Dask 调度器响应（{error}）；请用 `dask scheduler` 启动，"
        "并给出其显示的地址，例如 tcp://10.0.0.5:8786"
    ),
    "--scheduler {scheduler}   has no workers; start some with `dask worker {scheduler} --nthreads 1`": (
        "--scheduler {scheduler}   没有工作进程；请用 `dask worker {scheduler} --nthreads 1` 启动"
    ),
    "--scheduler {scheduler}   its workers cannot run siting ({error}); install siting-solver {version} where they "
    "run": "--scheduler {scheduler}   其工作进程无法运行 siting（{error}）；请在其所在处安装 siting-solver {version}",
    "--scheduler {scheduler}   workers cannot be used:": "--scheduler {scheduler}   工作进程无法使用：",
    "  {worker}   has siting {version}; this is {own}: install the same there": (
        "  {worker}   的 siting 为 {version}，本机为 {own}：请安装相同版本"
    ),
    "  {worker}   does not see {shared}; study and --out must lie where all see them": (
        "  {worker}   无法访问 {shared}；研究文件与 --out 须位于各工作进程都能访问之处"
    ),
    # runs
    "not enough memory": "内存不足",
    "unexpected {kind}: {error}; run this study alone and report it": (
        "意外错误 {kind}：{error}；请单独运行此研究并报告该错误"
    ),
    "its worker was lost: {error}": "工作进程丢失：{error}",
}
