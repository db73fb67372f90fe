"""Faults of engines, of plans that are checked, and of programmes under one budget."""

SENTENCES: dict[str, str] = {
    # engines
    "engine {name} is not known; choose one of {engines}": "没有求解器 {name}；可选 {engines}",
    "{name}: {error}; install it with pip, or choose another engine": (
        "{name}：{error}；请用 pip 安装，或改选其他求解器"
    ),
    "{engine} cannot take program {program}: it has {lacking}; choose one of {able}": (
        "{engine} 不能求解 {program}：其中有{lacking}；可选 {able}"
    ),
    "{n}, the first of them {column}": "{n} 列，首列为 {column}",
    "continuous columns ({example})": "连续列（{example}）",
    "integer columns ({example})": "整数列（{example}）",
    "integer columns without a finite bound ({example})": "没有有限界的整数列（{example}）",
    "cbc: {command} cannot be started ({error}); choose another engine": (
        "cbc：无法启动 {command}（{error}）；请改选其他求解器"
    ),
    "cbc: no CBC on this computer; install it (pip install 'pulp[cbc]'), or choose another engine": (
        "cbc：本机没有 CBC；请安装（pip install 'pulp[cbc]'），或改选其他求解器"
    ),
    "highs: the program could not be written to {path}; check that there is room on the disk": (
        "highs：模型未能写入 {path}；请检查磁盘空间"
    ),
    "highs: program {name} was refused; look for coefficients that are not finite": (
        "highs：模型 {name} 被拒绝；请检查是否有非有限的系数"
    ),
    "highs: {option}={value} is not an option of this version; install highspy 1.10 or newer": (
        "highs：本版本没有选项 {option}={value}；请安装 highspy 1.10 或更新版本"
    ),
    "cp-sat: column {column} is {fact} ({n} such columns); choose another engine, for example highs": (
        "cp-sat：列 {column} {fact}（共 {n} 列）；请改选其他求解器，例如 highs"
    ),
    "not integer": "不是整数列",
    "without a finite bound": "没有有限的界",
    "{name}: install {solver}, with a licence where it needs one (PuLP looks for {commands}), or choose another "
    "engine": "{name}：请安装 {solver} 并按需取得许可（PuLP 查找 {commands}），或改选其他求解器",
    "impossible outcome: {wrong}": "结果自相矛盾：{wrong}",
    # plans that are checked
    "programmes.{name}   the plan of {engine} does not hold what it claims:": (
        "programmes.{name}   {engine} 给出的布局与其所称不符："
    ),
    "portfolio.{name}   the plan of {engine} does not hold what it claims:": (
        "portfolio.{name}   {engine} 给出的布局与其所称不符："
    ),
    "  {fault}": "  {fault}",
    "  try another engine, and report this": "  请改用其他求解器，并报告此问题",
    "{where} is broken by {amount:.6g}": "{where} 被违反，超出 {amount:.6g}",
    "a required or existing site is closed, or a forbidden one open": "有必选或现有站点关闭，或有禁用站点开放",
    "the objective is claimed as {claimed} and is {worth:.10g} when recomputed from the plan": (
        "所称目标值为 {claimed}，由布局重新计算为 {worth:.10g}"
    ),
    "the objective is claimed as {claimed} and is {worth:.10g} when recomputed from the plans": (
        "所称目标值为 {claimed}，由各布局重新计算为 {worth:.10g}"
    ),
    "the bound {bound:.10g} is worse than the plan's worth {worth:.10g}": (
        "理论界 {bound:.10g} 劣于布局的目标值 {worth:.10g}"
    ),
    "the bound {bound:.10g} is worse than the plans' worth {worth:.10g}": (
        "理论界 {bound:.10g} 劣于各布局的目标值 {worth:.10g}"
    ),
    "the plan in hand is worth {objective:.10g}, beyond the bound {best_bound:.10g} of {engine}; one of them is wrong: "
    "run again with another engine and report it": (
        "已得布局的目标值为 {objective:.10g}，优于 {engine} 的理论界 {best_bound:.10g}；"
        "二者必有一误：请改用其他求解器重新计算，并报告此问题"
    ),
    "the joint plan is worth {objective:.10g}, beyond its bound {bound:.10g}; one of them is wrong: run again with "
    "another engine and report it": (
        "统筹布局的目标值为 {objective:.10g}，优于其理论界 {bound:.10g}；"
        "二者必有一误：请改用其他求解器重新计算，并报告此问题"
    ),
    # other plans, marginal values
    "alternatives: count must be at least 1 and within a share of at least 0, such as 0.02; got {count} and "
    "{within:g}": "alternatives：count 至少为 1，within 为不小于 0 的比例，例如 0.02；现为 {count} 和 {within:g}",
    "alternatives: {wrong}": "alternatives：{wrong}",
    "column {column} is not a 0/1 column": "列 {column} 不是 0/1 列",
    "the plan to begin with breaks {where} by {amount:g}": "起始布局违反 {where}，超出 {amount:g}",
    "an alternative breaks {where} by {amount:g}; try another engine": (
        "有一个其他方案违反 {where}，超出 {amount:g}；请改用其他求解器"
    ),
    "an alternative loses {loss:.4%}, more than {within:.4%}; try another engine": (
        "有一个其他方案损失 {loss:.4%}，超过 {within:.4%}；请改用其他求解器"
    ),
    "marginals: the plan in hand breaks {where} by {amount:g}": "marginals：已得布局违反 {where}，超出 {amount:g}",
    # programmes under one budget
    # the Python interface
    "demand": "需求点",
    "frames": "数据表",
    "sites   could not be read": "sites   无法读取",
    "demand   could not be read": "demand   无法读取",
    "there are none": "没有记录",
    "has no geometry": "没有几何",
    "make it a GeoDataFrame of points": "请改为点的 GeoDataFrame",
    "does not say its system of coordinates": "没有说明坐标系",
    'say it: frame.set_crs("EPSG:4547"), say': '请用例如 frame.set_crs("EPSG:4547") 说明',
    "is in {crs} ({unit}); lengths need a metric system": "坐标系为 {crs}（{unit}）；计算长度需要以米为单位的坐标系",
    'bring it there: frame.to_crs("EPSG:4547"), say': '请用例如 frame.to_crs("EPSG:4547") 转换',
    "is in {own}, the roads are in {roads}": "坐标系为 {own}，路网为 {roads}",
    "bring it there first: frame.to_crs(roads.crs)": "请先转换：frame.to_crs(roads.crs)",
    "{name} has {n} rows; {size} are needed": "{name} 有 {n} 行；应有 {size} 行",
    "no place is within {limit:g} {unit} of any site; is the limit in the right unit, and do the frames lie in the "
    "same area?": "没有需求点在任何站点的 {limit:g} {unit} 以内；单位是否正确，各表是否在同一区域？",
    "there is no plan and so no table of {what}: {why}": "没有方案布局，因而没有 {what} 表：{why}",
    "{model} has no table of {what}": "{model} 没有 {what} 表",
    "the models of a portfolio have their travel already": "统筹方案的模型已有出行数据",
    "a portfolio without a budget falls apart into its models; give it one, or solve_model each": (
        "没有预算的统筹方案等同于各模型分别求解；请给出预算，或分别用 solve_model"
    ),
}
