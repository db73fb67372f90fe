"use strict";
// The map: pan, zoom, layers to switch, a click on a site or place for its figures. Nothing is fetched.
(function () {
  const { data, say, values, shown, made } = siting;
  const frame = document.querySelector(".map");
  if (!frame) return;
  const canvas = frame.querySelector("canvas");
  const { programmes, roads, view, X, Y, boxed, draw, classOf, COLORS, OF_TIER, OF_PROGRAMME, OF_ROAD, ...painter } = siting.painter(canvas);
  const side = frame.querySelector(".side"), choice = document.getElementById("map-programme");
  const off = new Set();
  let now = data.start, picked = null, quick = false, later = 0;

  const shownOnes = () => painter.shown(now);
  const on = (layer) => !off.has(layer);
  function fit() {
    let box = null;
    for (const p of shownOnes()) for (const at of [p.xy, p.places && p.places.xy, p.flows && p.flows.xy]) {
      if (!at || !at.length) continue;
      const own = boxed(at);
      if (!box) { box = own; continue; }
      box.x0 = Math.min(box.x0, own.x0); box.x1 = Math.max(box.x1, own.x1);
      box.y0 = Math.min(box.y0, own.y0); box.y1 = Math.max(box.y1, own.y1);
    }
    if (!box) return;
    view.x = (box.x0 + box.x1) / 2;
    view.y = (box.y0 + box.y1) / 2;
    const room = 50 / data.unit_m;
    const across = canvas.clientWidth / Math.max(box.x1 - box.x0, room);
    const up = canvas.clientHeight / Math.max(box.y1 - box.y0, room);
    view.scale = 0.94 * Math.min(across, up);
  }

  /** Draw soon; while things move, without the small streets. */
  function redraw(moving) {
    quick = Boolean(moving) && data.heavy;
    requestAnimationFrame(() => draw({ now, on, picked, quick }));
    clearTimeout(later);
    if (quick) later = setTimeout(() => redraw(false), 160);
  }

  function zoom(factor, px = canvas.clientWidth / 2, py = canvas.clientHeight / 2) {
    const dx = (px - canvas.clientWidth / 2) / view.scale, dy = (canvas.clientHeight / 2 - py) / view.scale;
    view.x += dx * (1 - 1 / factor);
    view.y += dy * (1 - 1 / factor);
    view.scale = Math.min(20 * data.unit_m, Math.max(1e-5, view.scale * factor));
    redraw(true);
  }

  function nearest(px, py) {
    const search = (at, n, keep, most) => {
      let best = -1;
      for (let i = 0; i < n; i++) {
        if (!keep(i)) continue;
        const far = Math.hypot(X(at[2 * i]) - px, Y(at[2 * i + 1]) - py);
        if (far < most) { most = far; best = i; }
      }
      return [best, most];
    };
    let found = null, least = 14;
    for (const p of shownOnes()) {
      const [row, far] = search(p.xy, p.kind.length, (i) => on(p.kind[i]) && (now >= 0 || p.kind[i] !== "other"), least);
      if (row >= 0) { found = { programme: p.number, row, place: false }; least = far; }
    }
    if (!found && now >= 0 && programmes[now].places) {
      const p = programmes[now];
      const [row] = search(p.places.xy, p.places.weight.length, (i) => on(classOf(p.places.share[i])), 10);
      if (row >= 0) found = { programme: now, row, place: true };
    }
    return found;
  }

  function tell() {
    const info = side.querySelector(".info");
    if (!picked) { info.replaceChildren(made("p", { className: "note" }, say.click)); return; }
    const p = programmes[picked.programme], rows = [];
    if (picked.place) {
      rows.push([say.place, p.places.ids[picked.row]], [say.weight, shown(p.places.weight[picked.row])]);
      rows.push([say.served_share, shown(p.places.share[picked.row], "share")]);
      const site = p.places.site[picked.row];
      rows.push([say.by, site < 0 ? null : p.ids[site]], [p.places.travel_head, shown(p.places.travel[picked.row])]);
    } else {
      for (const column of data.programmes[p.number].sites.columns)
        rows.push([column.head, shown(values(column)[picked.row], column.kind)]);
    }
    const list = made("dl", {});
    for (const [name, value] of rows) if (value !== null && value !== "–") list.append(made("dt", {}, name), made("dd", {}, String(value)));
    info.replaceChildren(made("b", {}, p.title), list);
  }

  function legend() {
    const rows = [], list = side.querySelector(".layers");
    const add = (layer, color, text, n, round) =>
      rows.push([layer, color, n === null ? text : `${text} (${n.toLocaleString("en-US")})`, round]);
    const number = (p, kind) => p.kind.filter((k) => k === kind).length;
    if (now < 0) {
      for (const p of shownOnes())
        add("chosen", OF_PROGRAMME[p.number % OF_PROGRAMME.length], p.title, number(p, "chosen"), true);
      add("kept", COLORS.kept, say.kept, shownOnes().reduce((n, p) => n + number(p, "kept"), 0));
    } else {
      const p = programmes[now], count = (kind) => number(p, kind);
      if (p.tier) p.tiers.forEach((name, tier) => {
        const of = p.kind.filter((kind, i) => kind === "chosen" && p.tier[i] === tier).length;
        add("chosen", OF_TIER[Math.min(tier, 2)], `${say.chosen}: ${name}`, of, true);
      });
      else add("chosen", COLORS.chosen, say.chosen, count("chosen"), true);
      for (const kind of ["kept", "closed", "other"])
        if (count(kind)) add(kind, COLORS[kind], say[kind], count(kind), kind === "other");
      if (p.places) for (const kind of ["served", "partly", "unserved"]) {
        const n = p.places.share.filter((share) => classOf(share) === kind).length;
        if (n) add(kind, COLORS[kind], say[kind], n, true);
      }
      if (p.links) add("links", COLORS.link, say.links, p.links.from.length);
      if (p.flows) for (const kind of ["refuelled", "stranded"])
        add(kind, COLORS[kind], say[kind], p.flows.share.filter((share) => (share > 0.5) === (kind === "refuelled")).length);
    }
    if (now >= 0 && data.programmes[now].left_out) rows.push([null, "", say.left_out]);
    if (roads.length) add("roads", OF_ROAD[1], say.roads, null);
    list.replaceChildren(...rows.map(([layer, color, text, round]) => {
      if (layer === null) return made("p", { className: "note" }, text);
      const box = made("input", { type: "checkbox", checked: on(layer) });
      box.addEventListener("change", () => { off[box.checked ? "delete" : "add"](layer); legend(); redraw(); });
      const swatch = made("i", {});
      swatch.style.background = color;
      swatch.style.borderRadius = round ? "50%" : "0";
      return made("label", {}, box, swatch, text);
    }));
  }

  function select(programme, row, centre, place = false) {
    if (now >= 0 && now !== programme) { now = programme; choice.value = String(now); legend(); fit(); }
    picked = { programme, row, place };
    const at = place ? programmes[programme].places.xy : programmes[programme].xy;
    if (!at) return;
    if (centre) {
      view.x = at[2 * row];
      view.y = at[2 * row + 1];
      view.scale = Math.max(view.scale, scaleFor(programmes[programme], row, place));
      frame.scrollIntoView({ block: "nearest" });
    }
    tell();
    redraw();
  }

  /** The scale at which the places that a site serves are in view, or a few streets around anything else. */
  function scaleFor(p, row, place) {
    let far = 0;
    if (p.places && !place) for (let i = 0; i < p.places.site.length; i++) if (p.places.site[i] === row)
      far = Math.max(far, Math.hypot(p.places.xy[2 * i] - p.xy[2 * row], p.places.xy[2 * i + 1] - p.xy[2 * row + 1]));
    const near = Math.min(canvas.clientWidth, canvas.clientHeight) * 0.4;
    return far ? Math.min(0.5 * data.unit_m, near / far) : 0.08 * data.unit_m;
  }

  function find(word) {
    const wanted = word.trim().toLowerCase();
    if (!wanted) return;
    for (const exact of [true, false]) for (const p of now < 0 ? programmes : [programmes[now], ...programmes]) {
      const fits = (id) => { const text = String(id).toLowerCase(); return exact ? text === wanted : text.includes(wanted); };
      const texts = data.programmes[p.number].sites.columns.filter((c) => c.kind === "text").map(values);
      const row = p.ids.findIndex((_, i) => texts.some((column) => column[i] !== null && fits(column[i])));
      if (row >= 0) { select(p.number, row, true); return; }
      const place = p.places ? p.places.ids.findIndex(fits) : -1;
      if (place >= 0) { select(p.number, place, true, true); return; }
    }
  }

  const pointers = new Map();
  let moved = 0;
  const local = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, local(event));
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const at = local(event), others = [...pointers.entries()].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const [, [ox, oy]] = others[0];
      zoom(Math.hypot(at[0] - ox, at[1] - oy) / Math.max(1, Math.hypot(before[0] - ox, before[1] - oy)), (at[0] + ox) / 2, (at[1] + oy) / 2);
    } else {
      view.x -= (at[0] - before[0]) / view.scale;
      view.y += (at[1] - before[1]) / view.scale;
    }
    moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
    pointers.set(event.pointerId, at);
    redraw(true);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => {
    pointers.delete(event.pointerId);
    if (end === "pointerup" && moved < 6) {
      picked = nearest(...local(event));
      tell();
      redraw();
    }
  });
  canvas.addEventListener("dblclick", (event) => zoom(2, ...local(event)));
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015), ...local(event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = 60 / view.scale;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; redraw(true); }
    else if (event.key === "+" || event.key === "=") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else return;
    event.preventDefault();
  });

  if (programmes.length > 1) choice.append(made("option", { value: "-1" }, say.all_programmes));
  for (const p of programmes) if (p.xy) choice.append(made("option", { value: String(p.number) }, p.title));
  choice.value = String(now);
  choice.addEventListener("change", () => { now = Number(choice.value); picked = null; legend(); tell(); fit(); redraw(); });
  document.getElementById("map-in").addEventListener("click", () => zoom(1.6));
  document.getElementById("map-out").addEventListener("click", () => zoom(1 / 1.6));
  document.getElementById("map-all").addEventListener("click", () => { fit(); redraw(); });
  document.getElementById("map-find").addEventListener("change", (event) => find(event.target.value));
  document.querySelectorAll("a[data-show]").forEach((link) => link.addEventListener("click", () => {
    now = Number(link.dataset.show);
    choice.value = String(now);
    picked = null;
    legend(); tell(); fit(); redraw();
  }));
  new ResizeObserver(() => redraw()).observe(canvas);
  siting.select = select;
  siting.state = () => ({ view: { ...view }, now, picked, off: [...off] });
  legend();
  tell();
  fit();
  redraw();
})();
