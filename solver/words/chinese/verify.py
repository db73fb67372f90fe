"""What `siting verify` finds."""

SENTENCES: dict[str, str] = {
    # the report
    "the whole result": "整个结果",
    "Programme": "方案",
    "Check": "检验",
    "Verdict": "结论",
    "holds": "成立",
    "fails": "不成立",
    "not checked": "未检验",
    "{part}: {check} - {verdict}": "{part}：{check}——{verdict}",
    "Inputs have changed, so nothing else was looked at; --despite-changes goes on.": (
        "输入文件已改变，其余未检验；加 --despite-changes 可继续。"
    ),
    "Known to the run only, in any result: {what}.": "任何结果中只有运行本身知道、无法检验：{what}。",
    "seconds": "用时（秒）",
    "{count} check fails.": "{count} 项检验不成立。",
    "{count} checks fail.": "{count} 项检验不成立。",
    "All {count} checks hold; {left} could not be made.": "{count} 项检验全部成立；{left} 项未检验。",
    "{what}: the result says {told}, recomputed it is {right}": "{what}：结果为 {told}，重算为 {right}",
    "unknown": "未知",
    "and {n:,} more": "另有 {n:,} 处",
    "cannot be recomputed: {kind}: {error}": "无法重算：{kind}：{error}",
    "{error}": "{error}",
    "{name}.{key}": "{name}.{key}",
    "{name}: {fault}": "{name}：{fault}",
    "{key} of {name}": "{name} 的 {key}",
    "{site} of {programme}": "方案 {programme} 的站点 {site}",
    "{name} is missing": "缺少 {name}",
    # what is not known
    "{model} is no model that verification knows": "{model} 不是检验程序所知的模型",
    "not known to verification: {unknown}": "检验程序不知道：{unknown}",
    "{unknown} is not known to verification, which finds without it:": "检验程序不知道 {unknown}；若不计它，则：",
    "not recomputed: {left}": "未重算：{left}",
    "columns that are not recomputed: {left}": "未重算的列：{left}",
    "columns of the layer of {kind} that are not recomputed: {left}": "{kind} 图层中未重算的列：{left}",
    # inputs and what was run
    "{name} was not there when the result was computed": "计算结果时没有 {name}",
    "the result does not say what was in {files}": "结果未说明 {files} 的内容",
    "{name} is not there any more": "{name} 已不存在",
    "{name} has changed since the result was computed": "{name} 在计算结果之后已改变",
    "model of {name}": "{name} 的模型",
    "title of {name}": "{name} 的标题",
    "title_zh of {name}": "{name} 的中文标题",
    "settings of {name}": "{name} 的设置",
    "engine of {name}": "{name} 的求解引擎",
    "the version of {engine} ({version})": "{engine} 的版本（{version}）",
    "version of {engine} of {name}": "{name} 所用 {engine} 的版本",
    "rows of the layer {roads}": "图层 {roads} 的行数",
    "line {n} of the layer {roads} ({road_class}) is not as in the study": (
        "图层 {roads} 的第 {n} 条线（{road_class}）与研究不一致"
    ),
    "the layer {roads} has no lines, or no classes": "图层 {roads} 没有线，或没有道路等级",
    "there is a layer {roads}, and the study has no roads": "有图层 {roads}，而研究没有道路",
    "versions.{name} is {text}, which is no version": "versions.{name} 为 {text}，不是版本号",
    "versions does not name siting": "versions 中没有 siting",
    "{name}: the result says {told}, here it is {here}": "{name}：结果为 {told}，本机为 {here}",
    "{name} is read and not recorded": "读取了 {name}，却没有记录",
    "{name} is no programme of the study": "{name} 不是研究中的方案",
    "only the run knows {what}": "只有运行本身知道 {what}",
    "what it was computed by is not what is here, so that only the run knows it: {differ}": (
        "计算所用软件与本机不同，只有运行本身知道：{differ}"
    ),
    "{place}: the result tells of another join than the study makes": "{place}：结果所述的关联与研究的不同",
    "{name}: sites are in '{first}', places in '{other}'": "{name}：站点写作“{first}”，需求点写作“{other}”",
    "{name}: sites are in {here}, places in {there}": "{name}：站点在 {here}，需求点在 {there}",
    "{kind} {name} has no row in {file}": "{file} 中没有 {kind} {name} 的行",
    "{file} names '{name}', which is no {kind}; the layers have '{other}'": (
        "{file} 中的“{name}”不是 {kind}；图层中为“{other}”"
    ),
    "{file} names '{name}', which is no {kind} of the study": "{file} 中的“{name}”不是研究中的 {kind}",
    "{file} cannot be read, and the matrix may name what is in it": "{file} 无法读取，而矩阵可能引用其中的编号",
    "{file} cannot be read": "{file} 无法读取",
    # files
    "{name} belongs to no programme with a plan": "{name} 不属于任何有方案的项目",
    "{kind} of {place}: sites.csv says {told}, result.json {right}": (
        "{place} 的 {kind}：sites.csv 为 {told}，result.json 为 {right}"
    ),
    "{name} is missing in summary.csv": "summary.csv 中缺少 {name}",
    "{name} is in summary.csv only": "{name} 仅在 summary.csv 中",
    "plan.gpkg cannot be read": "plan.gpkg 无法读取",
    "report.html is no whole page": "report.html 不是完整的网页",
    "{name} is not in report.html": "report.html 中没有 {name}",
    "{place} is decided on and not listed": "{place} 已选定而未列出",
    "{place} is listed and not decided on": "{place} 已列出而未选定",
    "a site is listed twice": "有站点被重复列出",
    "{key} of {name} in summary.csv": "summary.csv 中 {name} 的 {key}",
    "decision of {place}": "{place} 的决定",
    "cost of {place}": "{place} 的造价",
    "{name} says {said}; made anew it says {right}": "{name} 为 {said}；重新生成为 {right}",
    "the style of {name}": "{name} 的样式",
    "{plan} cannot be read, and it is made from that": "{plan} 无法读取，而其余文件由它生成",
    "it was written by siting {told} and this is {own}: {fault}": "由 siting {told} 写出，而本机为 {own}：{fault}",
    "{name} is not as made": "{name} 与重新生成的不同",
    "{name}, its columns:": "{name} 的列：",
    "{name} has {n:,} rows; made anew it has {right:,}": "{name} 有 {n:,} 行；重新生成为 {right:,} 行",
    "{head} of {row} in {name}: it says {told}, made anew it is {right}": (
        "{name} 中 {row} 的 {head}：为 {told}，重新生成为 {right}"
    ),
    "{row} in {name} has {n} cells": "{name} 中 {row} 有 {n} 格",
    "{project} is missing": "缺少 {project}",
    "{project} is there and no layer has a place": "有 {project}，而没有图层有位置",
    "{project} cannot be read": "{project} 无法读取",
    "the layer {name} has no style": "图层 {name} 没有样式",
    "the styles of {plan} cannot be read: {error}": "{plan} 的样式无法读取：{error}",
    "differs from the map of the plan in {differ:,} of {points:,} points": (
        "与方案地图有 {differ:,} 个像素不同（共 {points:,} 个）"
    ),
    "cannot be read": "无法读取",
    "is {width} x {height} points large; drawn anew it is {own_width} x {own_height}": (
        "大小为 {width} x {height} 像素；重新绘制为 {own_width} x {own_height}"
    ),
    "{unmade}; here it would be {here}": "{unmade}；本机为 {here}",
    "the page has {n} pictures; there are {right} maps": "网页中有 {n} 幅图片；地图有 {right} 幅",
    "{fault}; it may have been drawn by other versions or with other fonts than those here": (
        "{fault}；可能由其他版本的软件或其他字体绘制"
    ),
    "no map-NAME.png is there, only the pictures in the page": "没有 map-NAME.png，只有网页中的图片",
    "{name} is no map that siting drew": "{name} 不是 siting 绘制的地图",
    "the picture of {name} in the page {how}": "网页中 {name} 的图片{how}",
    "{name} {how}": "{name} {how}",
    "{name} was drawn by {by}": "{name} 由 {by} 绘制",
    "an earlier version": "较早版本",
    # layers
    "rows of the site layer": "站点图层的行数",
    "plan.gpkg has no layer of sites": "plan.gpkg 中没有站点图层",
    "plan.gpkg has no layer of demand": "plan.gpkg 中没有需求图层",
    "the site layer has no column {column}": "站点图层没有列 {column}",
    "the layer of sites has no column {name}": "站点图层没有列 {name}",
    "the layer of places has no column {name}": "需求图层没有列 {name}",
    "{site} lies {metres:.2f} m from its place in the study": "{site} 距研究中的位置 {metres:.2f} 米",
    "{column} of {site}: the layer says {told}, recomputed it is {right}": (
        "{site} 的 {column}：图层为 {told}，重算为 {right}"
    ),
    "the line from {site} to {other} does not join them": "由 {site} 至 {other} 的连线没有连接两者",
    "{name} of {row}": "{row} 的 {name}",
    "{name} of {row}: {one} is not {other}": "{row} 的 {name}：{one} 不等于 {other}",
    "{point} of the layer of {kind} meets the road {metres:.2f} m from where it is told to, {right:.2f} m off": (
        "{kind} 图层的 {point} 上路位置与所述相距 {metres:.2f} 米，距路 {right:.2f} 米"
    ),
    "programme of the layer of {kind}: {name} is not {programme}": "{kind} 图层的方案：{name} 不是 {programme}",
    "{site} of the layer of {kind} is not where, or not as, the study has it": (
        "{kind} 图层的 {site} 位置或形状与研究不同"
    ),
    "{link} is no kind of link": "{link} 不是连线的种类",
    "line {n} of the layer of {kind} is not straight": "{kind} 图层的第 {n} 条线不是直线",
    "the layer of {kind} has no geometry": "{kind} 图层没有图形",
    "trip {n} is not drawn from terminal to terminal": "第 {n} 条出行没有由起点画到终点",
    # rules
    "{site} is no site of the study": "{site} 不是研究中的站点",
    "{name} is no site of the study": "{name} 不是研究中的站点",
    "{site} is named twice": "{site} 出现两次",
    "{site} is listed as {listed} and is {status} in the study": "{site} 列为{listed}，而研究中为 {status}",
    "new": "新建",
    "kept": "保留",
    "{site} is {status} and closed": "{site} 为 {status}，却未开放",
    "{site} is {status} and open": "{site} 为 {status}，却已开放",
    "{n} new sites are open; {asked} are asked for (open)": "新建 {n} 处；要求 {asked} 处（open）",
    "{n} new sites are open; at least {least} are asked for (open_at_least)": (
        "新建 {n} 处；要求至少 {least} 处（open_at_least）"
    ),
    "{n} new sites are open; at most {most} are allowed (open_at_most)": (
        "新建 {n} 处；要求至多 {most} 处（open_at_most）"
    ),
    "{group} has {n} sites; {side} {limit} are asked for ({key})": (
        "{group} 有 {n} 个站点；要求{side} {limit} 个（{key}）"
    ),
    "the sites have no coordinates": "站点没有坐标",
    "{site} is open without {other} (needs)": "{site} 开放而 {other} 未开放（needs）",
    "{site} and {other} are {metres:.1f} m apart; at least {least:g} is asked for": (
        "{site} 与 {other} 相距 {metres:.1f} 米；要求至少 {least:g} 米"
    ),
    "{site} is {metres:.1f} m from {file}; at least {least:g} m is asked for": (
        "{site} 距 {file} {metres:.1f} 米；要求至少 {least:g} 米"
    ),
    "{name} is covered to {share:.6%}; at least {least:.6%} is asked for (floor_share)": (
        "{name} 覆盖 {share:.6%}；要求至少 {least:.6%}（floor_share）"
    ),
    "{site} serves {load}; at least {least} is asked for (minimum_use)": (
        "{site} 服务 {load}；要求至少 {least}（minimum_use）"
    ),
    "{kind} is no kind of the study": "{kind} 不是研究中的种类",
    "{site} is closed and holds {n:g} units": "{site} 未开放，却有 {n:g} 台设备",
    "{site} is open with {n:g} piles; at least {least}": "{site} 开放，有 {n:g} 台桩；至少应有 {least} 台",
    "{site} has {n:g} {kind}; at most {most:g} fit": "{site} 有 {n:g} 台 {kind}；至多可容 {most:g} 台",
    "{site} has {n:g} {kind}": "{site} 有 {n:g} 台 {kind}",
    "{site} draws {drawn:g} kW; the grid bears {grid:g}": "{site} 用电 {drawn:g} 千瓦；电网可承受 {grid:g} 千瓦",
    "there are {n:,g} piles; {asked:,} are asked for (piles.total)": "共 {n:,g} 台桩；要求 {asked:,} 台（piles.total）",
    "there are {n:,g} modules; {asked:,} are asked for (sizes_total)": (
        "共 {n:,g} 个模块；要求 {asked:,} 个（sizes_total）"
    ),
    "{site} holds units; the study has none": "{site} 有设备；研究中没有设备",
    "{own:,g} of {n:,g} piles are {kind}; at least {share:.2%} are asked for": (
        "{n:,g} 台桩中 {kind} 有 {own:,g} 台；要求至少 {share:.2%}"
    ),
    "the plan costs {spent}; the budget is {budget}": "方案造价 {spent}；预算为 {budget}",
}
