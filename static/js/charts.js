// Declarative charts: <div class="chart" data-chart="KIND" data-source="ID-of-json-script or URL">.
// Kinds and their data are described in docs/charts.md. Every chart can be shown as a table of the same data.
(() => {
  "use strict";
  const words = document.getElementById("chart-words").dataset;
  const language = document.documentElement.lang;
  const LEVELS = ["goal", "amber", "short", "minimum", "none"];
  const charts = new Map();

  // --- Numbers ----------------------------------------------------------------------------------------------
  const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const roundPercent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const oneDecimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const isNumber = (value) => value !== null && value !== undefined && value !== "" && Number.isFinite(Number(value));
  const number = (value) => (isNumber(value) ? Number(value) : null);
  function seconds(value) {
    if (Math.abs(value) < 99.05) return words.seconds.replace("{number}", oneDecimal.format(value));
    const whole = Math.round(Math.abs(value));
    const two = (part) => String(part).padStart(2, "0");
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return (value < 0 ? "−" : "") + (h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`);
  }
  function text(value, unit) {
    if (!isNumber(value)) return words.nodata;
    if (unit === "ratio") return percent.format(value);
    return unit === "seconds" ? seconds(Number(value)) : decimal.format(value);
  }
  const axisText = (unit) => (value) =>
    unit === "ratio" ? roundPercent.format(value) : unit === "seconds" ? seconds(value) : compact.format(value);

  // --- Colours: taken from the page's own, which know the theme ---------------------------------------------
  function colour(name) {
    const probe = document.createElement("i");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }
  function palette() {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const series = dark
      ? ["#6db7ea", "#ff9d4d", "#4fd6b0", "#e9a3c9", "#f0e078", "#b9a7f0", "#c3ccd4"]
      : ["#0a6ebd", "#c75100", "#007a5e", "#a8487f", "#7a6a00", "#5b3fb5", "#55616c"];
    // The worse, the further from the ground: darker on a light page, lighter on a dark one.
    const levels = dark
      ? { goal: "#215248", amber: "#96731c", short: "#e0813f", minimum: "#ff9db8", none: "#3a4753" }
      : { goal: "#bfe6da", amber: "#f3cf6b", short: "#e08040", minimum: "#96123c", none: "#d3dae0" };
    return { series, levels, ink: colour("ink"), soft: colour("ink-soft"), line: colour("line"), surface: colour("surface"), bad: colour("bad") };
  }

  // --- What all kinds share ---------------------------------------------------------------------------------
  function tip(title, pairs) {
    const box = document.createElement("div");
    box.className = "chart-tip";
    const head = document.createElement("strong");
    head.textContent = title;
    const list = document.createElement("dl");
    for (const [label, value] of pairs.filter((pair) => pair[1] !== undefined && pair[1] !== null)) {
      const dt = document.createElement("dt");
      const dd = document.createElement("dd");
      dt.textContent = label;
      dd.textContent = value;
      list.append(dt, dd);
    }
    box.append(head, list);
    return box;
  }
  function base(look) {
    return {
      backgroundColor: "transparent",
      animation: false,
      color: look.series,
      textStyle: { color: look.soft, fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: { confine: true, backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.ink, fontSize: 13 }, appendTo: "body" },
      legend: { textStyle: { color: look.ink }, top: 0, left: 0, itemWidth: 30, itemHeight: 10, selectedMode: false },
    };
  }
  // A wrapped legend needs room above the plot; about how much, by the length of its names.
  function legendRoom(names, width) {
    let rows = 1;
    let used = 0;
    for (const name of names) {
      const need = 50 + [...name].reduce((sum, sign) => sum + (sign > "\u2e80" ? 13 : 7), 0);
      if (used && used + need > width) {
        rows += 1;
        used = 0;
      }
      used += need;
    }
    return names.length ? rows * 22 + 6 : 0;
  }
  const categories = (look, data, more = {}) => ({
    type: "category",
    data,
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: { color: look.soft, hideOverlap: true },
    ...more,
  });
  const values = (look, unit, name, more = {}) => ({
    type: "value",
    name,
    nameTextStyle: { color: look.soft, align: "left" },
    nameLocation: "end",
    scale: unit !== "count",
    axisLabel: { color: look.soft, formatter: axisText(unit) },
    splitLine: { lineStyle: { color: look.line } },
    ...more,
  });
  // Targets are lines across the plot; their names stand in the legend, where they never hide a value.
  const targetStyle = (look, at) => ({ color: at ? look.bad : look.ink, type: at ? "dotted" : "dashed", width: at ? 2 : 1.5 });
  const targetName = (target, unit) => `${target.name} ${text(target.value, unit)}`;
  function targetLines(look, targets, along = "yAxis") {
    if (!targets?.length) return undefined;
    return {
      silent: true,
      symbol: "none",
      label: { show: false },
      data: targets.map((target, at) => ({ [along]: Number(target.value), lineStyle: targetStyle(look, at) })),
    };
  }
  // The moment from which something is done otherwise, as a named line across the time.
  function startLine(look, data, lines) {
    if (!isNumber(data.start)) return lines;
    const mark = { xAxis: Number(data.start), lineStyle: { color: look.soft, type: "solid", width: 1 }, label: { show: true, formatter: data.start_name ?? "", position: "insideEndTop", color: look.soft } };
    return { silent: true, symbol: "none", label: { show: false }, ...lines, data: [...(lines?.data ?? []), mark] };
  }
  const targetKeys = (look, targets, unit) =>
    (targets ?? []).map((target, at) => ({
      type: "line", name: targetName(target, unit), data: [], symbol: "none", silent: true,
      lineStyle: targetStyle(look, at), itemStyle: { opacity: 0 },
    }));
  // The axis must reach the target's line even when all values lie on one side of it.
  function reach(targets, unit, all) {
    const known = [...all, ...(targets ?? []).map((target) => target.value)].filter(isNumber).map(Number);
    if (!known.length) return {};
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const room = (high - low || Math.abs(high) || 1) * 0.12;
    const most = unit === "ratio" && high <= 1 ? Math.min(1, high + room) : high + room;
    return { min: unit === "count" ? 0 : Math.max(low < 0 ? low - room : 0, low - room), max: most };
  }
  const round = (axis, unit) => {
    const step = unit === "ratio" ? 20 : 0;
    if (!step || axis.min === undefined) return axis;
    return { min: Math.floor(axis.min * step) / step, max: Math.ceil(axis.max * step - 1e-9) / step };
  };

  // --- The kinds: each gives the option, the address behind a click, and the table ---------------------------
  const KINDS = {
    volume(data, look, width) {
      const { volume, rate, labels, targets } = data;
      const unit = rate.unit ?? "ratio";
      const parts = volume.parts ?? [{ name: volume.name, values: volume.values }];
      const keys = [rate.name, ...parts.map((part) => part.name), ...(targets ?? []).map((target) => targetName(target, unit))];
      const top = legendRoom(keys, width) + 28;
      return {
        option: {
          ...base(look),
          aria: { enabled: true, label: { enabled: false }, decal: { show: parts.length > 1 } },
          axisPointer: { link: [{ xAxisIndex: "all" }] },
          tooltip: {
            ...base(look).tooltip,
            trigger: "axis",
            formatter: ([first]) => {
              const at = first.dataIndex;
              return tip(labels[at], [
                ...parts.map((part) => [part.name, text(part.values[at], "count")]),
                [rate.name, text(rate.values[at], unit)],
                [words.n, rate.n && text(rate.n[at], "count")],
                [words.level, rate.levels && words[rate.levels[at] ?? "none"]],
                [words.provisional, rate.provisional?.[at] ? "✓" : undefined],
              ]);
            },
          },
          grid: [{ left: 56, right: 16, top, height: 120 }, { left: 56, right: 16, top: top + 158, height: 90 }],
          xAxis: [categories(look, labels, { gridIndex: 0, axisLabel: { show: false } }), categories(look, labels, { gridIndex: 1 })],
          yAxis: [
            values(look, unit, rate.name, { gridIndex: 0, ...round(reach(targets, unit, rate.values), unit), splitNumber: 3 }),
            values(look, "count", volume.name ?? "", { gridIndex: 1, splitNumber: 3 }),
          ],
          legend: base(look).legend,
          series: [
            {
              type: "line", name: rate.name, xAxisIndex: 0, yAxisIndex: 0, data: rate.values.map(number), symbolSize: 6, showAllSymbol: "auto",
              connectNulls: false, itemStyle: { color: look.series[0] }, lineStyle: { width: 2 }, markLine: targetLines(look, targets),
            },
            ...parts.map((part, at) => ({
              type: "bar", name: part.name, stack: "volume", xAxisIndex: 1, yAxisIndex: 1, barMaxWidth: 28,
              data: part.values.map(number), itemStyle: { color: parts.length > 1 ? look.series[at + 1] : look.soft },
            })),
            ...targetKeys(look, targets, unit),
          ],
        },
        height: top + 280,
        empty: !rate.values.some(isNumber) && !parts.some((part) => part.values.some(Number)),
        url: (event) => data.urls?.[event.dataIndex],
        table: {
          head: [data.x_name ?? "", ...parts.map((part) => part.name), rate.name, ...(rate.levels ? [words.level] : [])],
          rows: labels.map((label, at) => ({
            url: data.urls?.[at],
            cells: [label, ...parts.map((part) => text(part.values[at], "count")), text(rate.values[at], unit), ...(rate.levels ? [words[rate.levels[at] ?? "none"]] : [])],
          })),
        },
      };
    },

    heat(data, look) {
      const unit = data.unit ?? "ratio";
      const cells = data.cells.map(([x, y, value, n, level, url]) => ({ x, y, value: number(value), n, level: LEVELS.includes(level) ? level : "none", url: (data.url ?? "") + url }));
      const known = cells.filter((cell) => cell.value !== null);
      const used = LEVELS.filter((level) => known.some((cell) => cell.level === level));
      return {
        height: Math.max(180, data.y.length * 20 + 60),
        empty: !known.length,
        legend: [...used.map((level) => [words[level], look.levels[level]]), ...(known.length < data.x.length * data.y.length ? [[words.nodata, look.surface]] : [])],
        option: {
          ...base(look),
          tooltip: {
            ...base(look).tooltip,
            formatter: ({ dataIndex }) => {
              const cell = known[dataIndex];
              return tip(`${data.y[cell.y]} ${data.x[cell.x]}`, [[data.name, text(cell.value, unit)], [words.n, text(cell.n, "count")], [words.level, words[cell.level]]]);
            },
          },
          grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
          xAxis: categories(look, data.x, { position: "top", offset: 0, splitArea: { show: false } }),
          yAxis: categories(look, data.y, { inverse: true, axisLabel: { color: look.soft, interval: data.y.length > 40 ? "auto" : 0 } }),
          visualMap: { show: false, type: "piecewise", dimension: 2, pieces: used.map((level) => ({ value: LEVELS.indexOf(level), color: look.levels[level] })) },
          series: [{ type: "heatmap", data: known.map((cell) => [cell.x, cell.y, LEVELS.indexOf(cell.level)]), itemStyle: { borderColor: look.surface, borderWidth: 1 } }],
        },
        url: (event) => known[event.dataIndex]?.url,
        table: {
          head: [data.y_name ?? "", data.x_name ?? "", data.name, words.n, words.level],
          rows: known.map((cell) => ({ url: cell.url, cells: [data.y[cell.y], data.x[cell.x], text(cell.value, unit), text(cell.n, "count"), words[cell.level]] })),
        },
      };
    },

    trend(data, look, width) {
      const unit = data.unit ?? "ratio";
      const { labels, series, targets } = data;
      const top = legendRoom([...series.map((one) => one.name), ...(targets ?? []).map((target) => targetName(target, unit))], width) + 28;
      const symbols = ["circle", "rect", "triangle", "diamond", "pin", "arrow", "roundRect"];
      return {
        option: {
          ...base(look),
          tooltip: {
            ...base(look).tooltip,
            trigger: "axis",
            formatter: ([first]) => {
              const at = first.dataIndex;
              return tip(labels[at], series.flatMap((one) => [
                [one.name, text(one.values[at], unit) + (one.provisional?.[at] ? ` (${words.provisional})` : "")],
                ...(one.n ? [[words.n, text(one.n[at], "count")]] : []),
              ]));
            },
          },
          grid: { left: 56, right: 16, top, bottom: 28 },
          xAxis: categories(look, labels, { boundaryGap: false }),
          yAxis: values(look, unit, data.y_name ?? "", round(reach(targets, unit, series.flatMap((one) => one.values)), unit)),
          legend: { ...base(look).legend, selectedMode: "multiple" },
          series: series.map((one, at) => ({
            type: "line", name: one.name, data: one.values.map(number), symbol: symbols[at % symbols.length], symbolSize: 7, connectNulls: false,
            lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][Math.floor(at / 3) % 3] }, markLine: at ? undefined : startLine(look, data, targetLines(look, targets)),
          })).concat(targetKeys(look, targets, unit)),
        },
        empty: !series.some((one) => one.values.some(isNumber)),
        url: (event) => series[event.seriesIndex]?.urls?.[event.dataIndex],
        table: {
          head: [data.x_name ?? "", ...series.map((one) => one.name)],
          rows: labels.map((label, at) => ({ url: series[0]?.urls?.[at], cells: [label, ...series.map((one) => text(one.values[at], unit))] })),
        },
      };
    },

    dots(data, look, width) {
      const unit = data.unit ?? "ratio";
      const rows = data.rows;
      const ends = rows.flatMap((row) => [row.value, row.low, row.high]);
      const names = rows.map((row) => row.name);
      // Where there is little room each part of a name has a line of its own, or the part that tells rows apart is cut off.
      const parts = width < 600 ? Math.max(...names.map((name) => name.split(" · ").length)) : 1;
      const named = (name) => (parts > 1 ? name.replaceAll(" · ", "\n") : name);
      const top = legendRoom((data.targets ?? []).map((target) => targetName(target, unit)), width) + 12;
      return {
        empty: !rows.some((row) => isNumber(row.value)),
        height: rows.length * Math.max(34, parts * 15 + 6) + top + 40,
        option: {
          ...base(look),
          tooltip: {
            ...base(look).tooltip,
            formatter: ({ dataIndex }) => {
              const row = rows[dataIndex];
              return tip(row.name, [
                [data.name, text(row.value, unit)],
                [words.interval, isNumber(row.low) ? `${text(row.low, unit)} – ${text(row.high, unit)}` : undefined],
                [words.n, isNumber(row.n) ? text(row.n, "count") : undefined],
                [words.small, row.is_small ? "✓" : undefined],
              ]);
            },
          },
          legend: base(look).legend,
          grid: { left: 24, right: 32, top, bottom: 8, containLabel: true },
          xAxis: values(look, unit, "", {
            ...round(reach(data.targets, unit, ends), unit),
            // The ends lie where they may, often close beside a round number.
            axisLabel: { color: look.soft, formatter: axisText(unit), showMinLabel: false, showMaxLabel: false, hideOverlap: true },
          }),
          yAxis: categories(look, names, { inverse: true, axisLabel: { color: look.ink, width: Math.max(140, width / 4), overflow: "truncate", formatter: named } }),
          series: [
            {
              type: "custom", silent: true, data: rows.map((row, at) => [number(row.low), number(row.high), at]), encode: { x: [0, 1], y: 2 },
              renderItem: (params, api) => {
                if (!Number.isFinite(api.value(0))) return null;
                const [from, to] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
                return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: look.soft, lineWidth: 3, lineCap: "round" } };
              },
            },
            {
              type: "scatter", symbolSize: 13, data: rows.map((row, at) => ({ value: [number(row.value), at], itemStyle: { color: row.is_small ? look.surface : look.series[0], borderColor: look.series[0], borderWidth: 2 } })),
              markLine: targetLines(look, data.targets, "xAxis"),
            },
            ...targetKeys(look, data.targets, unit),
          ],
        },
        url: (event) => rows[event.dataIndex]?.url,
        table: {
          head: [data.row_name ?? "", data.name, words.interval, words.n],
          rows: rows.map((row) => ({ url: row.url, cells: [row.name, text(row.value, unit), isNumber(row.low) ? `${text(row.low, unit)} – ${text(row.high, unit)}` : "", isNumber(row.n) ? text(row.n, "count") : ""] })),
        },
      };
    },

    pareto(data, look) {
      const unit = data.unit ?? "count";
      const rows = [...data.rows].sort((a, b) => b.value - a.value);
      const total = rows.reduce((sum, row) => sum + Number(row.value), 0) || 1;
      let run = 0;
      const shares = rows.map((row) => ({ share: row.value / total, cumulative: (run += Number(row.value)) / total }));
      return {
        empty: !rows.length,
        height: rows.length * 28 + 50,
        option: {
          ...base(look),
          tooltip: {
            ...base(look).tooltip,
            formatter: ({ dataIndex: at }) => tip(rows[at].name, [[data.name, text(rows[at].value, unit)], [words.share, text(shares[at].share, "ratio")], [words.cumulative, text(shares[at].cumulative, "ratio")]]),
          },
          grid: { left: 16, right: 150, top: 8, bottom: 8, containLabel: true },
          xAxis: values(look, "count", "", { axisLabel: { show: false }, splitLine: { show: false } }),
          yAxis: categories(look, rows.map((row) => row.name), { inverse: true, axisLabel: { color: look.ink, width: 160, overflow: "truncate" } }),
          series: [{
            type: "bar", barMaxWidth: 20, data: rows.map((row) => number(row.value)), itemStyle: { color: look.series[0] },
            label: { show: true, position: "right", color: look.ink, formatter: ({ dataIndex: at }) => `${text(rows[at].value, unit)} · ${percent.format(shares[at].share)} · Σ ${percent.format(shares[at].cumulative)}` },
          }],
        },
        url: (event) => rows[event.dataIndex]?.url,
        table: {
          head: [data.row_name ?? "", data.name, words.share, words.cumulative],
          rows: rows.map((row, at) => ({ url: row.url, cells: [row.name, text(row.value, unit), text(shares[at].share, "ratio"), text(shares[at].cumulative, "ratio")] })),
        },
      };
    },
  };

  // --- Table of the same data -------------------------------------------------------------------------------
  function tableOf({ head, rows }) {
    const box = document.createElement("div");
    box.className = "table-scroll";
    box.dataset.rows = "";
    const table = document.createElement("table");
    table.className = "table table-vcenter table-hover";
    const headRow = table.createTHead().insertRow();
    head.forEach((name, at) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      if (at) cell.className = "text-end";
      headRow.append(cell);
    });
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.cells.forEach((value, at) => {
        const cell = line.insertCell();
        if (at) cell.className = "text-end";
        if (!at && row.url) {
          const link = document.createElement("a");
          link.href = row.url;
          link.textContent = value;
          cell.append(link);
        } else cell.textContent = value;
      });
    }
    box.append(table);
    return box;
  }
  function toggleTable(button) {
    const element = document.getElementById(button.dataset.chartTable);
    const entry = charts.get(element);
    if (!entry) return;
    const showTable = !entry.table;
    if (showTable) element.after((entry.table = tableOf(entry.made.table)));
    else {
      entry.table.remove();
      entry.table = null;
    }
    element.hidden = showTable;
    button.setAttribute("aria-pressed", String(showTable));
    button.querySelector("span").textContent = showTable ? words.asChart : words.asTable;
    if (!showTable) entry.chart.resize();
  }

  // --- Life of a chart --------------------------------------------------------------------------------------
  async function dataOf(element) {
    const source = element.dataset.source;
    const script = document.getElementById(source);
    if (script) return JSON.parse(script.textContent);
    const answer = await fetch(source, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }
  // In HTML, because the chart's own legend of pieces neither wraps nor can be read out.
  function drawLegend(element, entries) {
    if (element.previousElementSibling?.matches(".chart-legend")) element.previousElementSibling.remove();
    if (!entries) return;
    const list = document.createElement("ul");
    list.className = "chart-legend";
    for (const [label, ground] of entries) {
      const item = document.createElement("li");
      const swatch = document.createElement("i");
      swatch.style.background = ground;
      item.append(swatch, label);
      list.append(item);
    }
    element.before(list);
  }
  function draw(element, data) {
    const made = KINDS[element.dataset.chart](data, palette(), element.clientWidth);
    if (made.empty) {
      const line = document.createElement("p");
      line.className = "no-data chart-empty";
      line.textContent = words.nodata;
      element.replaceChildren(line);
      element.style.height = "auto";
      const button = document.querySelector(`[data-chart-table="${element.id}"]`);
      if (button) button.hidden = true;
      return;
    }
    drawLegend(element, made.legend);
    if (made.height) element.style.height = `${made.height}px`;
    const former = charts.get(element);
    const chart = former?.chart ?? echarts.init(element, null, { renderer: "svg", locale: language.startsWith("zh") ? "ZH" : "EN" });
    chart.setOption(made.option, true);
    chart.resize();
    if (!former) {
      chart.on("click", (event) => {
        const url = charts.get(element).made.url(event);
        if (!url) return;
        if (event.event?.event?.ctrlKey || event.event?.event?.metaKey) window.open(url, "_blank", "noopener");
        else location.assign(url);
      });
      new ResizeObserver(() => {
        const entry = charts.get(element);
        if (element.hidden || !entry) return;
        if (Math.abs(element.clientWidth - entry.width) > 60) draw(element, entry.data);
        else chart.resize();
      }).observe(element);
    }
    charts.set(element, { chart, made, data, width: element.clientWidth, table: former?.table ?? null });
  }
  async function start(element) {
    if (element.dataset.started) return;
    element.dataset.started = "yes";
    try {
      draw(element, await dataOf(element));
    } catch (error) {
      element.textContent = words.failed;
      console.error(error);
    }
  }
  function startAll(from) {
    if (from.matches?.("[data-chart]")) start(from);
    from.querySelectorAll?.("[data-chart]").forEach(start);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-table]");
    if (button) toggleTable(button);
  });
  document.documentElement.addEventListener("themechange", () => charts.forEach((entry, element) => draw(element, entry.data)));
  document.addEventListener("htmx:load", (event) => startAll(event.detail.elt));
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    const entry = charts.get(event.detail.elt);
    if (!entry) return;
    entry.chart.dispose();
    charts.delete(event.detail.elt);
  });
  // On paper colours fade: patterns tell the bars apart.
  const decals = (show) => charts.forEach(({ chart }) => chart.setOption({ aria: { enabled: true, label: { enabled: false }, decal: { show } } }));
  window.addEventListener("beforeprint", () => decals(true));
  window.addEventListener("afterprint", () => charts.forEach((entry, element) => draw(element, entry.data)));
  startAll(document);
})();
