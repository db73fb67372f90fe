"""Joins by id: what matches, what does not, and why that may be."""

SENTENCES: dict[str, str] = {
    "{table} and the {kind}: {n:,} ids match": "{table}与{kind}：{n:,} 个编号相符",
    "{n:,} only in {table} ({ids})": "{n:,} 个仅在{table}（{ids}）",
    "{n:,} only among the {kind} ({ids})": "{n:,} 个仅在{kind}（{ids}）",
    "likely {near}": "可能原因：{near}",
    "{told} for {meant}: {causes}": "{told} → {meant}（{causes}）",
    "did you mean {meant}?": "是否应为 {meant}？",
    "did you mean {meant} ({causes})?": "是否应为 {meant}（{causes}）？",
    "names {ids}, not among the {kind}": "指定了 {ids}，不在{kind}之中",
    "there are {ids}": "现有 {ids}",
    "mend the ids": "请改正编号",
    "mend the ids, or {remedy}": "请改正编号，或{remedy}",
    'say missing_pairs = "unreachable" in [travel] where there is no way': (
        '在无路可达处于 [travel] 中写 missing_pairs = "unreachable"'
    ),
    'say missing_pairs="unreachable" where there is no way': '在无路可达处写 missing_pairs="unreachable"',
    # causes
    "full-width or composed signs": "全角或组合字符",
    "blanks": "空格",
    "another kind of dash": "连字符不同",
    "upper and lower case": "大小写",
    "a decimal point": "小数点",
    "leading zeros": "前导零",
    "a long number shortened by a spreadsheet": "电子表格缩写了长数字",
    "the spelling": "拼写",
    # whose ids
    "places of the study": "研究的需求点",
    "sites of the study": "研究的站点",
    "sites of the programme": "本方案的站点",
    "sites that are waited for": "所依赖方案的站点",
    "sites that wait": "等待方案的站点",
    "terminals": "车流起讫点",
    "districts of the places": "需求点的分区",
    "districts of the sites": "站点的分区",
    "groups of the sites": "站点的分组",
    "values of the column": "该列的取值",
}
