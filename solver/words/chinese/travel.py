"""Faults of roads and of tables of travel."""

SENTENCES: dict[str, str] = {
    "{file} is in {crs}; the study is in {wanted}": "{file} 的坐标系为 {crs}；研究的坐标系为 {wanted}",
    "import the network in that system, or set study.crs to its own": (
        "请以该坐标系导入路网，或将 study.crs 设为路网的坐标系"
    ),
    "points without geometry cannot be brought to the road network; give them x and y": (
        "没有几何的点无法接入路网；请给出 x 和 y"
    ),
    "points without geometry have no straight distance; give them x and y": "没有几何的点没有直线距离；请给出 x 和 y",
    "{classes} is not in the road layer": "道路图层中没有 {classes}",
    "{file} is in {unit}": "{file} 以 {unit} 计",
    "the reach must be {key}": "服务范围须用 {key}",
    "is {value}, but {file} gives the travel": "为 {value}，但出行由 {file} 给出",
    "take the {key} out, or the matrix": "请去掉 {key} 或出行矩阵",
    "check the path, relative to the study": "请检查相对于研究文件的路径",
    "{file} does not exist": "{file} 不存在",
    "{file} cannot be read as arrays of plain numbers and texts, all of one length": (
        "{file} 无法读取为等长的数字与文本数组"
    ),
    "write it with numpy.savez(path, demand=..., site=..., value=...)": (
        "请用 numpy.savez(path, demand=..., site=..., value=...) 写出"
    ),
    "{file} has no column {column}": "{file} 没有列 {column}",
    "{file} has no rows": "{file} 没有任何行",
    "give a row of demand, site and value for every pair": "请为每一对给出一行：需求点、站点、数值",
    "{file} has no {column} in row {rows}": "{file} 第 {rows} 行没有 {column}",
    "fill them in": "请补齐",
    "{file} gives {n} pairs more than once, first {pair}": "{file} 中有 {n} 对重复，首对为 {pair}",
    "keep one of each": "每对只保留一行",
    "name a road layer, or a matrix under [travel]": "请指定道路图层，或在 [travel] 中指定出行矩阵",
    "{file} has no number of at least 0 in row {rows}": "{file} 第 {rows} 行不是非负数",
    "mend them, or, where {mark} stands for no way, set travel.unreachable_value = {mark}": (
        "请改正；若 {mark} 表示无路可达，请设 travel.unreachable_value = {mark}"
    ),
    "{file} has {values} for {n:,} pairs (first {pair}), which looks like a mark for no way and lies within the "
    "reach": "{file} 中有 {n:,} 对（首对 {pair}）的值为 {values}，形似无路可达的标记，却在服务范围之内",
    "set travel.unreachable_value = {mark}, or, where it is travel, travel.unreachable_value = []": (
        "请设 travel.unreachable_value = {mark}；若其确为出行，则设 travel.unreachable_value = []"
    ),
}
