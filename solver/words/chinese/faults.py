"""Reports of faults."""

SENTENCES: dict[str, str] = {
    "runs are in {codes}: costs of different money cannot be compared": (
        "各次计算分别以 {codes} 计：货币不同，造价无法比较"
    ),
    "{fact}; leave study.currency out of what is varied": "{fact}；请勿变动 study.currency",
    "column {column} sounds like {unit}, and its amounts are taken as whole {currency}; "
    'write {key} = "{unit}", or {key} = 1 if they are': (
        '列名“{column}”似以 {unit} 计，现按 {currency} 原值读取；请写明 {key} = "{unit}"，若确为原值则写 {key} = 1'
    ),
    "warning: {warning}": "警告：{warning}",
    "is {now} now: money has no country in its name": "现名为 {now}：金额的名称中不再含国家",
    "write {now}, and the currency in [study]": "请改写为 {now}，并在 [study] 中写明货币（currency）",
    "is {own}; {base} is in {code}": "为 {own}；{base} 以 {code} 计",
    "a study and its base have one currency": "研究文件与其基础文件须用同一货币",
    "{file}: {finding}": "{file}：{finding}",
    "costs of different money cannot be compared: {told}": "货币不同，造价无法比较：{told}",
    "{plan} in {code}": "{plan} 以 {code} 计",
    "{fact}; name results of one currency": "{fact}；请指定同一货币的结果",
    "{head}: {n} fault": "{head}：{n} 处错误",
    "{head}: {n} faults": "{head}：{n} 处错误",
    "{place}   {fact}": "{place}   {fact}",
    "{place}   {fact}; {remedy}": "{place}   {fact}；{remedy}",
}
