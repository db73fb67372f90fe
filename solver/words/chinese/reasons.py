"""Why there is no plan, and what would do."""

SENTENCES: dict[str, str] = {
    "{key}": "{key}",
    "no plan exists even without the rules: look at required sites, capacities and reach": (
        "即使不计任何规则也无可行方案：请检查必选站点、容量与服务范围"
    ),
    "{rule} cannot be kept": "{rule}无法满足",
    "cannot be kept together: {rules}": "以下规则不能同时满足：{rules}",
    "{conflict} (perhaps not all of them are at fault: time ran out)": (
        "{conflict}（时间用尽，其中有的规则可能并无冲突）"
    ),
    "changing {rule} alone is not enough: it stands against other rules too": "仅改变{rule}还不够：它还与其他规则冲突",
    "other rules contradict each other too: run again once these are mended": (
        "其他规则之间也有冲突：改正以上规则后请再次运行"
    ),
    "no plan keeps every rule; Ctrl-C ended the search for the rules in conflict": (
        "没有方案能满足全部规则；查找冲突规则时被中断"
    ),
    "{engine} failed: {said}; try another engine, and report this": (
        "{engine} 求解失败：{said}；请换用其他求解器，并反馈此问题"
    ),
    "there is a plan with {ways}": "若{ways}，则有可行方案",
    "there is a plan if {rule} is raised by {by}": "若{rule}提高 {by}，则有可行方案",
    "there is a plan if {rule} is lowered by {by}": "若{rule}降低 {by}，则有可行方案",
    "there is a plan if {rule} gives way at: {rows}": "若{rule}在以下各处放宽，则有可行方案：{rows}",
    "{row} by {by}": "{row} 放宽 {by}",
    "{way}, and by no less": "{way}，且不能更少",
    "{way}; at least {by} is needed": "{way}；至少需 {by}",
    "{rule} costs": "{rule}",
    "{rules} together cost": "{rules}合计",
    "the other rules here cost": "此处其他规则合计",
    "the cheapest plan costs": "最省的方案",
    "with all other rules kept, {what}": "在满足其他全部规则时，{what}",
    "the budget": "预算",
    "the joint budget": "联合预算",
    "{what} at least {money}; {budget} is {amount}": "{what}至少需 {money}；{budget}为 {amount}",
    "{what} {money} in the cheapest plan found; {budget} is {amount}": (
        "{what}在已找到的最省方案中需 {money}；{budget}为 {amount}"
    ),
    "{text}; {money} is enough": "{text}；{money} 即足够",
    # capacities and reach
    "no site serves more than its capacity": "各站点服务量不超过其容量",
    "modules carry what their site serves": "模块须承担站点服务量",
    "every place is served within reach": "各需求点均须在服务范围内得到服务",
    "{limit} ({key})": "{limit}（{key}）",
    "{limit}; {total} are to be served ({key})": "{limit}；共需服务 {total}（{key}）",
    "{sites} at most {can} of {total}: {lack} are too many": "{sites}至多 {can}，共需 {total}，尚缺 {lack}",
    "{n:,} new site holds": "{n:,} 个新站点容量",
    "{n:,} new sites hold": "{n:,} 个新站点容量",
    "{n:,} new site": "{n:,} 个新站点",
    "{n:,} new sites": "{n:,} 个新站点",
    "{sites} and those that are there hold": "{sites}与现有站点容量合计",
    # figures in words
    "{start:g} of a tank at the origin; {trip}; {ties}": "起点存量为满载的 {start:g}；{trip}；{ties}",
    "round trip, ends with at least what it began with": "往返，返回时存量不低于出发时",
    "one way": "单程",
    "any shortest path": "任一最短路径",
    "any path up to {detour_m:g} m longer": "允许绕行不超过 {detour_m:g} 米",
    "price of money at which the linear relaxations of the programmes spend the budget (Lagrangian dual)": (
        "各方案线性松弛恰好用完预算时的资金影子价格（拉格朗日对偶）"
    ),
    "transport": "运输",
}
