"""Faults of files: reading, writing, folders of results, exports."""

SENTENCES: dict[str, str] = {
    # what may be written where
    "{path}   cannot be written: {above} is a file; name another place": (
        "{path}   无法写入：{above} 是文件；请指定其他位置"
    ),
    "{path}   cannot be written: {above} lets you write nothing; name another place": (
        "{path}   无法写入：没有 {above} 的写入权限；请指定其他位置"
    ),
    "{path}   cannot be written: {above} takes no files ({said}); name another place": (
        "{path}   无法写入：{above} 不能存放文件（{said}）；请指定其他位置"
    ),
    "{path}   has a layer {name} that {why}; {remedy}": "{path}   中的图层 {name} {why}；{remedy}",
    "was changed since siting wrote it": "在 siting 写出后被修改过",
    "is not siting's": "不是 siting 写出的",
    "name another file": "请指定其他文件",
    "name another file, or say --overwrite": "请指定其他文件，或加 --overwrite",
    "{path}   could not be written ({said}); what was there is as it was": (
        "{path}   未能写出（{said}）；原有内容保持不变"
    ),
    "{path}   is read by this command, its study or its result; name another file": (
        "{path}   正被本命令、其研究文件或结果读取；请指定其他文件"
    ),
    "{path}   is read by the study of what this command reads; name another file": (
        "{path}   正被本命令所读结果的研究文件使用；请指定其他文件"
    ),
    "{path}   is a folder; name a file": "{path}   是文件夹；请指定文件",
    "{path}   {why}; {remedy}": "{path}   {why}；{remedy}",
    "is there already, written by `siting {by}`": "已存在，由 `siting {by}` 写出",
    "is there already, and siting did not write it": "已存在，且不是 siting 写出的",
    # what is read
    "save it as .gpkg, or say --allow-remote": "请另存为 .gpkg，或加 --allow-remote",
    "is of another computer": "位于另一台计算机",
    "copy the file to this one, or say --allow-remote": "请复制到本机，或加 --allow-remote",
    "open it and save it anew": "请打开后重新保存",
    "ends in none of {known}": "的扩展名不在 {known} 之中",
    "{file}   {fact}": "{file}   {fact}",
    "is a virtual layer, which leads to other files or computers": "是虚拟图层，会引向其他文件或计算机",
    "holds {name}, a virtual layer, which leads to other files or computers": (
        "含有虚拟图层 {name}，会引向其他文件或计算机"
    ),
    "cannot be read (it is no {suffix} by its content)": "无法读取（内容不是 {suffix}）",
    "has a system of coordinates that another computer must be asked for": "其坐标系须向另一台计算机查询",
    "cannot be read (it is no package that can be opened)": "无法读取（不是可打开的压缩包）",
    "{place}   has {found:,} of {rows:,} rows, so it was not written; try another format": (
        "{place}   只有 {found:,} 行，应有 {rows:,} 行，因此未写出；请换用其他格式"
    ),
    "{place}   cannot be read back ({said}), so it was not written; try another format": (
        "{place}   写后无法读回（{said}），因此未写出；请换用其他格式"
    ),
    # folders of results
    "{folder}   is a file; name a folder for the result": "{folder}   是文件；请为结果指定文件夹",
    "{folder}   holds files that are no result of siting; name an empty or a new folder": (
        "{folder}   含有不是 siting 结果的文件；请指定空文件夹或新文件夹"
    ),
    "{folder}   holds the result of another study, {other}; name a new folder, or say --overwrite": (
        "{folder}   含有另一研究文件 {other} 的结果；请指定新文件夹，或加 --overwrite"
    ),
    "{folder}   holds {read}, which the study reads; name another folder": (
        "{folder}   含有研究文件要读取的 {read}；请指定其他文件夹"
    ),
    "{folder}   holds {found}, {fact}; {remedy}": "{folder}   含有 {found}，{fact}；{remedy}",
    "changed since siting wrote it": "在 siting 写出后被修改过",
    "not siting's": "不是 siting 写出的",
    "move it away, name another folder, or say --overwrite": "请将其移走，指定其他文件夹，或加 --overwrite",
    "{folder}   cannot be replaced ({said}); close the programs that have it open. The new result is in {kept}": (
        "{folder}   无法替换（{said}）；请关闭正在使用它的程序。新结果在 {kept}"
    ),
    "bring back the file as it was, or compute the result anew with `siting run`": (
        "请恢复原来的文件，或用 `siting run` 重新计算"
    ),
    "is missing": "缺失",
    "is {shown} ({said})": "为 {shown}（{said}）",
    "{path}   is no result of siting; name a folder that `siting run --out` wrote": (
        "{path}   不是 siting 的结果；请指定 `siting run --out` 写出的文件夹"
    ),
    "{path}   has format {told}; this version reads format {known}: compute the result anew": (
        "{path}   的格式为 {told}，本版本读取格式 {known}：请重新计算"
    ),
    "{folder}   holds no {file}; name a folder that `siting run --out` wrote": (
        "{folder}   没有 {file}；请指定 `siting run --out` 写出的文件夹"
    ),
    "{path}   cannot be read ({said}); {remedy}": "{path}   无法读取（{said}）；{remedy}",
    "{path}   is damaged ({said}); {remedy}": "{path}   已损坏（{said}）；{remedy}",
    "{path}   is damaged ({said}); {remedy}, or compare without maps: .md or .xlsx": (
        "{path}   已损坏（{said}）；{remedy}，或不含地图地对比：.md 或 .xlsx"
    ),
    # verification
    "{folder}/result.json   has no {missing}; it was not written by siting": (
        "{folder}/result.json   缺少 {missing}；不是 siting 写出的"
    ),
    "{folder}   does not say where its study is; name it: --study STUDY.toml": (
        "{folder}   没有说明研究文件的位置；请指定：--study STUDY.toml"
    ),
    "check the path": "请检查路径",
    "it was moved; name it: --study STUDY.toml": "该文件已移走；请指定：--study STUDY.toml",
    "{path}   does not exist; {remedy}": "{path}   不存在；{remedy}",
    "{folder}: inputs of the result are missing": "{folder}：结果的输入文件缺失",
    "  {name}   is not there any more; bring it back, or name the study: --study": (
        "  {name}   已不存在；请恢复该文件，或指定研究文件：--study"
    ),
    # exports
    "{name} ends in none of {known}": "{name} 的扩展名不在 {known} 之中",
    "the result has no programme {unknown}; it has {programmes}": "结果中没有方案 {unknown}；现有 {programmes}",
    "the result holds no plan, so there is nothing to export": "结果中没有方案布局，无可导出",
    "{kind} is no layer of a result; layers are {known}": "{kind} 不是结果的图层；可用的有 {known}",
    "the result holds no layer {kind}": "结果中没有图层 {kind}",
    "{name} needs geometry, which a study with a matrix lacks; use .csv or .xlsx": (
        "{name} 需要几何，而使用出行矩阵的方案没有几何；请用 .csv 或 .xlsx"
    ),
    "{other} changed since the run; run the study again before its roads are drawn": (
        "{other} 在计算后有改动；请重新计算后再绘制道路"
    ),
    "the study brings a matrix and no roads, so there are no road lines to draw": (
        "方案使用出行矩阵而无路网，没有可绘制的道路"
    ),
    "no programme has open sites with a reach on roads, so there are no {views}": (
        "没有方案含有按路网计算服务范围的开放站点，因而没有{views}"
    ),
    "{name}: road lines and areas are written as .gpkg {others}": "{name}：道路线与服务区可写为 .gpkg {others}",
    "{name} holds one layer; ask for one of {kinds}, or write .gpkg": (
        "{name} 只能存放一个图层；请在 {kinds} 中选一个，或写为 .gpkg"
    ),
}
