"""Wrong use of commands, and what the system says."""

SENTENCES: dict[str, str] = {
    # wrong use
    "name at least two result directories": "请指定至少两个结果文件夹",
    "{folder}   the sweep has no result of run {number}; {table} lists its runs": (
        "{folder}   多方案计算中没有第 {number} 次的结果；各次计算见 {table}"
    ),
    "--{view} needs --study, the study file of the result": "--{view} 需要 --study，即结果的研究文件",
    "{unknown} is no role; roles are {roles}": "没有用途 {unknown}；可用的有 {roles}",
    "{path}: there is no such file (clip layer)": "{path}：没有这个文件（裁剪图层）",
    "{path}: cannot be read as a clip layer: {error}": "{path}：不能作为裁剪图层读取：{error}",
    "give exactly one of --limit-min and --limit-m": "--limit-min 与 --limit-m 须且只能给出一个",
    "{folder}   is there already; name a new folder": "{folder}   已存在；请指定新文件夹",
    "no programme of the study is solved district by district; say decompose = true in one, or leave it out": (
        "研究中没有分区求解的方案；请在其中一个方案中写 decompose = true，或去掉该选项"
    ),
    "{text} is not KEY=VALUE; write for example programmes.parking.budget=2e9": (
        "{text} 不是 KEY=VALUE 的形式；例如 programmes.parking.budget=2e9"
    ),
    "{text} is no share from 0 to 1; write for example 0.02 or 2%": "{text} 不是 0 到 1 的比例；例如 0.02 或 2%",
    "says what other plans may lose; add --alternatives 3": "表示其他方案可损失的比例；请加上 --alternatives 3",
    "it has {known}": "现有 {known}",
    "{name} is no programme of {file}; {hint}": "{file} 中没有方案 {name}；{hint}",
    "holds a sign that no disk keeps; name another place": "含有磁盘不能使用的字符；请指定其他位置",
    "{name} ends as a file does; name a folder": "{name} 带有文件的扩展名；请指定文件夹",
    "--jobs and --scheduler both say where runs are done; give one of them": (
        "--jobs 与 --scheduler 都指定计算在何处进行；请只给其一"
    ),
    "--vary and --plan both say what is varied; give one of them": "--vary 与 --plan 都指定变动的参数；请只给其一",
    "{name}   the teaching studies are not on this computer; install siting from its wheel or source folder": (
        "{name}   本机没有教学算例；请从 wheel 或源码文件夹安装 siting"
    ),
    "{name} is not in the result; it has {known}": "结果中没有 {name}；现有 {known}",
    # what ends a command
    "stopped before there was a plan; nothing was written": "尚无方案布局即中断；没有写出任何内容",
    "not enough memory; a shorter reach or fewer candidate sites need less": (
        "内存不足；缩短服务范围或减少候选站点可降低需求"
    ),
    "a file": "文件",
    "{file}   could not be written: the disk is full; make room, or name another place": (
        "{file}   无法写出：磁盘已满；请腾出空间，或指定其他位置"
    ),
    "{file}   could not be read or written ({said}); check the place": "{file}   无法读写（{said}）；请检查该位置",
    # what the system says of files
    "Permission denied": "没有权限",
    "Operation not permitted": "操作不被允许",
    "No such file or directory": "没有这个文件或文件夹",
    "Is a directory": "是文件夹",
    "Not a directory": "不是文件夹",
    "Directory not empty": "文件夹不为空",
    "File exists": "文件已存在",
    "Read-only file system": "文件系统只读",
    "Device or resource busy": "设备或资源正被占用",
    "Input/output error": "读写出错",
    "Too many open files": "打开的文件过多",
    "File name too long": "文件名过长",
}
