"use strict";
// What the map looks like: roads, places, sites, lines, and the scale bar over them.
siting.painter = function (canvas) {
  const { data, say, walked, values } = siting;
  const ink = canvas.getContext("2d");
  const { map: COLORS, page: PAGE, tiers: OF_TIER, programmes: OF_PROGRAMME, roads: OF_ROAD } = data.colors;
  const ROAD_WIDTH = [1.6, 1.1, 0.7];

  const STREETS_FROM = data.heavy ? 0.005 : 0; // pixels a metre: farther out streets are one grey
  const ROUGH = 5000; // so many marks are drawn as squares where they are small

  const pools = data.pools.map((pool) => walked(pool.xy));
  const roads = data.roads.map((road) => ({ rank: road.rank, lines: road.lines.map((line) => boxed(walked(line))) }));
  const programmes = data.programmes.map(prepared);
  const view = { x: 0, y: 0, scale: 1 };
  let now = -1, on = () => true, picked = null, quick = false;

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

  /** The programmes that are shown: one, or all for -1. */
  const shown = (number) => (number < 0 ? programmes : [programmes[number]]).filter((p) => p.xy);
  const X = (x) => canvas.clientWidth / 2 + (x - view.x) * view.scale;
  const Y = (y) => canvas.clientHeight / 2 - (y - view.y) * view.scale;

  /** Draw what is shown: `now` the programme or -1 for all, `on(layer)`, what is picked, whether to be quick. */
  function draw(state) {
    ({ now, on, picked, quick } = state);
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    ink.fillStyle = PAGE.paper;
    ink.fillRect(0, 0, width, height);
    if (on("roads")) drawRoads(width, height);
    for (const p of shown(now)) drawProgramme(p, width, height);
    if (picked) drawPicked();
    drawFurniture(width, height);
  }

  function drawRoads(width, height) {
    const x0 = view.x - width / 2 / view.scale, x1 = view.x + width / 2 / view.scale;
    const y0 = view.y - height / 2 / view.scale, y1 = view.y + height / 2 / view.scale;
    for (const road of [...roads].reverse()) {
      if (road.rank > 1 && (quick || view.scale < STREETS_FROM * data.unit_m)) continue;
      [ink.strokeStyle, ink.lineWidth] = [OF_ROAD[road.rank], ROAD_WIDTH[road.rank]];
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
      ink.strokeStyle = COLORS.link;
      ink.globalAlpha = 0.6;
      ink.lineWidth = 0.8;
      lines(p.links.from.map((a, i) => [p.xy[2 * a], p.xy[2 * a + 1], p.xy[2 * p.links.to[i]], p.xy[2 * p.links.to[i] + 1]]));
      ink.globalAlpha = 1;
    }
    const many = p.kind.reduce((sum, kind) => sum + (kind === "chosen"), 0);
    const size = Math.max(3, Math.min(8, 60 / Math.sqrt(many + 1))) * (view.scale / data.unit_m > 0.02 ? 1.5 : 1) *
      (now < 0 ? 1.2 - 0.7 * p.number / programmes.length : 1); // later ones smaller: those below show as rings
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
    ink.strokeStyle = PAGE.paper;
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
    ink.strokeStyle = PAGE.ink;
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
    ink.fillStyle = PAGE.paper;
    ink.globalAlpha = 0.8;
    ink.fillRect(8, height - 32, pixels + 16, 26);
    ink.globalAlpha = 1;
    ink.fillStyle = PAGE.ink;
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
    ink.fillStyle = PAGE.faint;
    ink.fillText(data.attribution, width - 8, height - 8);
  }

  return { programmes, roads, view, X, Y, boxed, shown, draw, classOf, COLORS, OF_TIER, OF_PROGRAMME, OF_ROAD };
};
