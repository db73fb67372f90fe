"use strict";
// The map: pan, zoom, layers to switch, a click on a site or place for its figures. Nothing is fetched.
(function () {
  const { data, say, walked, values, shown, made } = siting;
  const frame = document.querySelector(".map");
  if (!frame) return;
  const canvas = frame.querySelector("canvas"), ink = canvas.getContext("2d");
  const side = frame.querySelector(".side"), choice = document.getElementById("map-programme");
  const COLORS = { chosen: "#d62728", kept: "#1f4e79", closed: "#111111", other: "#8a8a8a", served: "#2c8250",
    partly: "#e3b505", unserved: "#b07d62", links: "#c8641e", refuelled: "#2c8250", stranded: "#9a9a9a" };
  const OF_TIER = ["#941e5a", "#d62728", "#f08c28"];
  const OF_PROGRAMME = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2"];
  const STRENGTH = [["#9c9c9c", 1.6], ["#b4b4b4", 1.1], ["#d9d9d9", 0.6]];

  const STREETS_FROM = data.heavy ? 0.005 : 0; // pixels a metre: farther out streets are one grey
  const ROUGH = 5000; // so many marks are drawn as squares where they are small

  const pools = data.pools.map((pool) => walked(pool.xy));
  const roads = data.roads.map((road) => ({ rank: road.rank, lines: road.lines.map((line) => boxed(walked(line))) }));
  const programmes = data.programmes.map(prepared);
  const view = { x: 0, y: 0, scale: 1 };
  const off = new Set();
  let now = data.start, picked = null, quick = false, later = 0;

  function boxed(at) {
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
    for (let i = 0; i < at.length; i += 2) {
      x0 = Math.min(x0, at[i]); x1 = Math.max(x1, at[i]);
      y0 = Math.min(y0, at[i + 1]); y1 = Math.max(y1, at[i + 1]);
    }
    return { at, x0, y0, x1, y1 };
  }

  /** A programme with the coordinates, classes and sizes that drawing needs. */
  function prepared(programme, number) {
    const found = { number, title: programme.title, xy: pools[programme.sites.pool] };
    const column = (key) => programme.sites.columns.find((c) => c.key === key);
    found.ids = values(column("site_id"));
    found.kind = programme.sites.kinds;
    const tier = column("tier");
    found.tiers = tier ? tier.levels ?? [...new Set(tier.values)] : [];
    found.tier = tier ? values(tier).map((name) => found.tiers.indexOf(name)) : null;
    const places = programme.places;
    if (places && places.pool !== null) {
      found.places = { ...places, xy: pools[places.pool], ids: data.pools[places.pool].ids };
      const sorted = Float64Array.from(places.weight).sort();
      const top = sorted[Math.floor(0.98 * (sorted.length - 1))] || 1;
      found.places.size = places.weight.map((w) => 1.1 + 3.2 * Math.sqrt(Math.min(1, w / top)));
    }
    if (programme.flows) {
      const most = Math.max(...programme.flows.weight, 1e-9);
      found.flows = { ...programme.flows, xy: walked(programme.flows.xy), width: programme.flows.weight.map((w) => 0.3 + 3 * w / most) };
    }
    found.links = programme.links;
    return found;
  }

  const shownOnes = () => (now < 0 ? programmes : [programmes[now]]).filter((p) => p.xy);
  const on = (layer) => !off.has(layer);
  const X = (x) => canvas.clientWidth / 2 + (x - view.x) * view.scale;
  const Y = (y) => canvas.clientHeight / 2 - (y - view.y) * view.scale;

  function fit() {
    let box = null;
    for (const p of shownOnes()) for (const at of [p.xy, p.places && p.places.xy, p.flows && p.flows.xy]) {
      if (!at || !at.length) continue;
      const own = boxed(at);
      box = box ? { x0: Math.min(box.x0, own.x0), y0: Math.min(box.y0, own.y0), x1: Math.max(box.x1, own.x1), y1: Math.max(box.y1, own.y1) } : own;
    }
    if (!box) return;
    view.x = (box.x0 + box.x1) / 2;
    view.y = (box.y0 + box.y1) / 2;
    const room = 50 / data.unit_m;
    view.scale = 0.94 * Math.min(canvas.clientWidth / Math.max(box.x1 - box.x0, room), canvas.clientHeight / Math.max(box.y1 - box.y0, room));
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, width, height);
    if (on("roads")) drawRoads(width, height);
    for (const p of shownOnes()) drawProgramme(p, width, height);
    if (picked) drawPicked();
    drawFurniture(width, height);
  }

  function drawRoads(width, height) {
    const x0 = view.x - width / 2 / view.scale, x1 = view.x + width / 2 / view.scale;
    const y0 = view.y - height / 2 / view.scale, y1 = view.y + height / 2 / view.scale;
    for (const road of [...roads].reverse()) {
      if (road.rank > 1 && (quick || view.scale < STREETS_FROM * data.unit_m)) continue;
      [ink.strokeStyle, ink.lineWidth] = STRENGTH[road.rank];
      ink.beginPath();
      for (const line of road.lines) {
        if (line.x1 < x0 || line.x0 > x1 || line.y1 < y0 || line.y0 > y1) continue;
        for (let i = 0; i < line.at.length; i += 2) ink[i ? "lineTo" : "moveTo"](X(line.at[i]), Y(line.at[i + 1]));
      }
      ink.stroke();
    }
  }

  function drawProgramme(p, width, height) {
    const near = (x, y) => x > -20 && y > -20 && x < width + 20 && y < height + 20;
    if (p.flows && now >= 0) drawFlows(p.flows);
    if (p.places && now >= 0) {
      const many = p.places.weight.length > ROUGH;
      const grow = Math.min(2.5, Math.max(many ? 0.5 : 1, Math.sqrt(view.scale / data.unit_m * 12)));
      const rough = quick || (many && grow < 1);
      for (const [layer, color] of [["unserved", COLORS.unserved], ["partly", COLORS.partly], ["served", COLORS.served]]) {
        if (!on(layer)) continue;
        ink.fillStyle = color;
        ink.globalAlpha = 0.7;
        for (let i = 0; i < p.places.weight.length; i++) {
          if (classOf(p.places.share[i]) !== layer) continue;
          const x = X(p.places.xy[2 * i]), y = Y(p.places.xy[2 * i + 1]);
          if (near(x, y)) dot(x, y, p.places.size[i] * grow, rough);
        }
      }
      ink.globalAlpha = 1;
    }
    if (p.links && on("links") && now >= 0) {
      ink.strokeStyle = COLORS.links;
      ink.globalAlpha = 0.6;
      ink.lineWidth = 0.8;
      lines(p.links.from.map((a, i) => [p.xy[2 * a], p.xy[2 * a + 1], p.xy[2 * p.links.to[i]], p.xy[2 * p.links.to[i] + 1]]));
      ink.globalAlpha = 1;
    }
    const many = p.kind.reduce((sum, kind) => sum + (kind === "chosen"), 0);
    const size = Math.max(3, Math.min(8, 60 / Math.sqrt(many + 1))) * (view.scale / data.unit_m > 0.02 ? 1.5 : 1);
    for (const kind of ["other", "kept", "closed", "chosen"]) {
      if (!on(kind) || (now < 0 && kind === "other")) continue;
      for (let i = p.kind.length - 1; i >= 0; i--) {
        if (p.kind[i] !== kind) continue;
        const x = X(p.xy[2 * i]), y = Y(p.xy[2 * i + 1]);
        if (near(x, y)) mark(p, i, x, y, size);
      }
    }
  }

  function drawFlows(flows) {
    ink.globalAlpha = 0.35;
    for (const [layer, wanted] of [["stranded", false], ["refuelled", true]]) {
      if (!on(layer)) continue;
      ink.strokeStyle = COLORS[layer];
      for (let i = 0; i < flows.weight.length; i++) {
        if ((flows.share[i] > 0.5) !== wanted) continue;
        ink.lineWidth = flows.width[i];
        lines([[flows.xy[4 * i], flows.xy[4 * i + 1], flows.xy[4 * i + 2], flows.xy[4 * i + 3]]]);
      }
    }
    ink.globalAlpha = 1;
  }

  const classOf = (share) => (share <= 0 ? "unserved" : share < 0.9999 ? "partly" : "served");

  function lines(ends) {
    ink.beginPath();
    for (const [a, b, c, d] of ends) { ink.moveTo(X(a), Y(b)); ink.lineTo(X(c), Y(d)); }
    ink.stroke();
  }

  function dot(x, y, r, rough) {
    if (rough || r < 2) { ink.fillRect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r); return; }
    ink.beginPath();
    ink.arc(x, y, r, 0, 7);
    ink.fill();
  }

  function colorOf(p, i) {
    if (p.kind[i] !== "chosen") return COLORS[p.kind[i]];
    if (now < 0) return OF_PROGRAMME[p.number % OF_PROGRAMME.length];
    return p.tier ? OF_TIER[Math.min(p.tier[i], OF_TIER.length - 1)] : COLORS.chosen;
  }

  function mark(p, i, x, y, size) {
    const kind = p.kind[i];
    ink.fillStyle = colorOf(p, i);
    if (kind === "other") { ink.globalAlpha = 0.65; dot(x, y, Math.min(3, size / 2)); ink.globalAlpha = 1; return; }
    const r = kind === "kept" ? size * 0.55 : p.tier && kind === "chosen" ? size * [1.6, 1.1, 0.7][Math.min(p.tier[i], 2)] : size;
    ink.strokeStyle = "#fff";
    ink.lineWidth = 1;
    ink.beginPath();
    if (kind === "kept" || kind === "closed") ink.rect(x - r, y - r, 2 * r, 2 * r);
    else ink.arc(x, y, r, 0, 7);
    if (kind === "closed") { ink.strokeStyle = COLORS.closed; ink.lineWidth = 2; } else ink.fill();
    ink.stroke();
  }

  /** A ring around what was picked, and lines to the places it serves. */
  function drawPicked() {
    const p = programmes[picked.programme];
    const at = picked.place ? p.places.xy : p.xy;
    ink.strokeStyle = "#000";
    ink.lineWidth = 0.7;
    if (p.places && !picked.place) {
      const ends = [];
      for (let i = 0; i < p.places.site.length; i++) if (p.places.site[i] === picked.row)
        ends.push([p.places.xy[2 * i], p.places.xy[2 * i + 1], p.xy[2 * picked.row], p.xy[2 * picked.row + 1]]);
      lines(ends);
    } else if (picked.place && p.places.site[picked.row] >= 0) {
      const site = p.places.site[picked.row];
      lines([[at[2 * picked.row], at[2 * picked.row + 1], p.xy[2 * site], p.xy[2 * site + 1]]]);
    }
    ink.lineWidth = 2.5;
    ink.beginPath();
    ink.arc(X(at[2 * picked.row]), Y(at[2 * picked.row + 1]), 11, 0, 7);
    ink.stroke();
  }

  /** Scale bar, north arrow, whose data. */
  function drawFurniture(width, height) {
    const most = 140 / view.scale * data.unit_m, power = 10 ** Math.floor(Math.log10(most));
    const length = [5, 2, 1].find((step) => step * power <= most) * power;
    const pixels = length / data.unit_m * view.scale;
    ink.fillStyle = "rgba(255,255,255,.8)";
    ink.fillRect(8, height - 32, pixels + 16, 26);
    ink.fillStyle = "#222";
    ink.fillRect(16, height - 14, pixels, 3);
    ink.font = "12px sans-serif";
    ink.textAlign = "left";
    ink.fillText(length >= 1000 ? `${length / 1000} km` : `${length} m`, 16, height - 18);
    ink.beginPath();
    ink.moveTo(width - 22, 12); ink.lineTo(width - 29, 32); ink.lineTo(width - 22, 27); ink.lineTo(width - 15, 32);
    ink.fill();
    ink.textAlign = "center";
    ink.fillText(say.north, width - 22, 46);
    ink.textAlign = "right";
    ink.fillStyle = "#555";
    ink.fillText(data.attribution, width - 8, height - 8);
  }

  /** Draw soon; while things move, without the small streets. */
  function redraw(moving) {
    quick = Boolean(moving) && data.heavy;
    requestAnimationFrame(draw);
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
    const add = (layer, color, text, n, round) => rows.push([layer, color, n === null ? text : `${text} (${n.toLocaleString("en-US")})`, round]);
    if (now < 0) {
      for (const p of shownOnes()) add("chosen", OF_PROGRAMME[p.number % OF_PROGRAMME.length], p.title, p.kind.filter((k) => k === "chosen").length, true);
      add("kept", COLORS.kept, say.kept, shownOnes().reduce((n, p) => n + p.kind.filter((k) => k === "kept").length, 0));
    } else {
      const p = programmes[now], count = (kind) => p.kind.filter((k) => k === kind).length;
      if (p.tier) p.tiers.forEach((name, t) => add("chosen", OF_TIER[Math.min(t, 2)], `${say.chosen}: ${name}`, p.kind.filter((k, i) => k === "chosen" && p.tier[i] === t).length, true));
      else add("chosen", COLORS.chosen, say.chosen, count("chosen"), true);
      for (const kind of ["kept", "closed", "other"]) if (count(kind)) add(kind, COLORS[kind], say[kind], count(kind), kind === "other");
      if (p.places) for (const kind of ["served", "partly", "unserved"]) {
        const n = p.places.share.filter((share) => classOf(share) === kind).length;
        if (n) add(kind, COLORS[kind], say[kind], n, true);
      }
      if (p.links) add("links", COLORS.links, say.links, p.links.from.length);
      if (p.flows) for (const kind of ["refuelled", "stranded"])
        add(kind, COLORS[kind], say[kind], p.flows.share.filter((share) => (share > 0.5) === (kind === "refuelled")).length);
    }
    if (now >= 0 && data.programmes[now].left_out) rows.push([null, "", say.left_out]);
    if (roads.length) add("roads", "#b4b4b4", say.roads, null);
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
