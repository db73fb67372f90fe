"""Reports of faults."""

SENTENCES: dict[str, str] = {
    "{head}: {n} fault": "{head}：{n} 处错误",
    "{head}: {n} faults": "{head}：{n} 处错误",
    "{place}   {fact}": "{place}   {fact}",
    "{place}   {fact}; {remedy}": "{place}   {fact}；{remedy}",
}
