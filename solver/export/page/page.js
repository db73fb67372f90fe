"use strict";
// What all parts of the page share: the data set into it, words, numbers; and tables that sort and filter.
const siting = (function () {
  const data = JSON.parse(document.getElementById("siting-data").textContent);
  const say = data.words;
  document.documentElement.classList.add("script");

  /** Coordinates x, y, x, y, ... from steps, each the difference from the point before. */
  function walked(steps) {
    const at = new Float64Array(steps.length);
    for (let i = 0; i < steps.length; i++) at[i] = steps[i] + (i > 1 ? at[i - 2] : 0);
    return at;
  }

  /** Values of a column, with its levels looked up. */
  function values(column) {
    return column.levels ? column.values.map((code) => column.levels[code]) : column.values;
  }

  /** A share in per cent as models/percent.py writes it: never 0 or 100 where it is neither. */
  function percent(value) {
    if (Math.abs(value) < 1e-9 || Math.abs(value - 1) < 1e-9 || value < 0) return (100 * value).toFixed(1) + "%";
    if (value < 1e-4) return "< 0.01%";
    if (value < 1 && value > 1 - 1e-4) return "> 99.99%";
    const text = (100 * value).toFixed(1);
    return (text === "0.0" || text === "100.0" ? (100 * value).toFixed(2) : text) + "%";
  }

  /** A value as people read it; unknown is a dash. */
  function shown(value, kind) {
    if (value === null || value === undefined || value === "") return "–";
    if (typeof value !== "number") return String(value);
    if (kind === "share") return percent(value);
    return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
  }

  function made(tag, attributes, ...inside) {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...inside);
    return node;
  }

  /** Order of two values: numbers by size, texts by the language, unknown last whatever the direction. */
  function order(a, b, down) {
    const none = (v) => v === null || v === undefined || v === "";
    if (none(a) || none(b)) return none(a) - none(b);
    const both = typeof a === "number" && typeof b === "number";
    const found = both ? a - b : String(a).localeCompare(String(b), data.lang, { numeric: true });
    return down ? -found : found;
  }

  /** Heads that sort: `sort(position, down)` is called; the first click on numbers puts the largest first. */
  function sorting(heads, sort) {
    heads.forEach((head, position) => {
      head.classList.add("sorts");
      head.tabIndex = 0;
      const turn = () => {
        const now = head.getAttribute("aria-sort");
        const down = now ? now === "ascending" : head.classList.contains("n");
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(position, down);
      };
      head.addEventListener("click", turn);
      head.addEventListener("keydown", (event) => { if (event.key === "Enter") turn(); });
    });
  }

  /** Tables that stand in the page: cells carry their value in `data-v` where their text is not what to sort by. */
  function standing(table) {
    const body = table.tBodies[0];
    const value = (row, position) => {
      const cell = row.cells[position];
      if (cell.dataset.v === undefined) return cell.textContent;
      return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    };
    sorting([...table.tHead.rows[0].cells], (position, down) => {
      const rows = [...body.rows].sort((a, b) => order(value(a, position), value(b, position), down));
      body.append(...rows);
    });
  }

  const PAGE = 25;

  /** The table of all sites of a programme: filtered by words and decision, sorted, a page at a time. */
  function sites(place) {
    const number = Number(place.dataset.programme);
    const columns = data.programmes[number].sites.columns;
    const cells = columns.map(values);
    const decision = columns.findIndex((column) => column.key === "decision");
    const every = cells[0].map((_, row) => row);
    let rows = every, first = 0, sorted = null;
    const search = made("input", { type: "search", placeholder: say.filter });
    const choice = made("select", {}, made("option", { value: "" }, say.all_sites));
    for (const level of columns[decision].levels) choice.append(made("option", { value: level }, level));
    choice.value = columns[decision].levels.includes(say.chosen) ? say.chosen : "";
    const count = made("span", { className: "note" });
    const back = made("button", { type: "button" }, "‹"), on = made("button", { type: "button" }, "›");
    const heads = columns.map((c) => made("th", { className: c.kind === "text" ? "" : "n" }, c.head));
    const body = made("tbody", {});
    place.append(
      made("div", { className: "tools" }, search, choice, back, on, count),
      made("div", { className: "wide" }, made("table", {}, made("thead", {}, made("tr", {}, ...heads)), body)));

    function show() {
      const part = rows.slice(first, first + PAGE);
      body.replaceChildren(...part.map((row) => {
        const line = made("tr", {}, ...columns.map((column, i) =>
          made("td", { className: column.kind === "text" ? "" : "n" }, shown(cells[i][row], column.kind))));
        line.addEventListener("click", () => siting.select && siting.select(number, row, true));
        return line;
      }));
      count.textContent = `${rows.length ? first + 1 : 0}–${first + part.length} / ${rows.length.toLocaleString("en-US")}`;
      back.disabled = first === 0;
      on.disabled = first + PAGE >= rows.length;
    }
    function filter() {
      const word = search.value.trim().toLowerCase();
      const texts = columns.map((c, i) => i).filter((i) => columns[i].kind === "text");
      rows = every.filter((row) => (!choice.value || cells[decision][row] === choice.value)
        && (!word || texts.some((i) => String(cells[i][row] ?? "").toLowerCase().includes(word))));
      if (sorted) rows.sort((a, b) => order(cells[sorted[0]][a], cells[sorted[0]][b], sorted[1]));
      first = 0;
      show();
    }
    sorting(heads, (position, down) => { sorted = [position, down]; filter(); });
    search.addEventListener("input", filter);
    choice.addEventListener("change", filter);
    back.addEventListener("click", () => { first = Math.max(0, first - PAGE); show(); });
    on.addEventListener("click", () => { first += PAGE; show(); });
    filter();
  }

  // On paper the lists of sites that are not too long are shown in full.
  const lists = () => document.querySelectorAll("details.paper");
  addEventListener("beforeprint", () => lists().forEach((list) => { list.open = true; }));
  addEventListener("afterprint", () => lists().forEach((list) => { list.open = false; }));

  document.querySelectorAll("table.sortable").forEach(standing);
  document.querySelectorAll("div.sites").forEach(sites);
  return { data, say, walked, values, shown, made };
})();
