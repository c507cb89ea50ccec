// Charts: a title that says what is to be seen, labels at the lines themselves, and the figures in a table behind it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, t } from "./words";
import { theme } from "./theme";

/** Okabe and Ito's colours, in an order that also differs in grey; told apart by mark as well. */
export const kColours = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6"];

export interface Series { name: string; values: (number | null)[]; colour: string; stepped?: boolean; dash?: number[] }
export interface ChartData { x: number[]; series: Series[]; xWord: (x: number) => string; yWord?: (y: number) => string; bars?: boolean; floor?: number; line?: { at: number; words: string } }

function colour(name: string): string { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

type Drawer = typeof uPlot;

function path(drawer: Drawer, series: Series, bars: boolean | undefined): uPlot.Series.PathBuilder | undefined {
  if (bars) return drawer.paths.bars!({ size: [0.7, 60] });
  return series.stepped ? drawer.paths.stepped!({ align: 1 }) : undefined;
}

/** Names at the end of each line, pushed apart where they would cover one another. */
function endLabels(plot: uPlot, data: ChartData): void {
  const context = plot.ctx;
  const places = data.series.map((series, n) => {
    let last = series.values.length - 1;
    while (last > 0 && series.values[last] === null) last--;
    return { n, y: plot.valToPos(series.values[last] ?? 0, "y", true), words: series.name };
  }).sort((a, b) => a.y - b.y);
  const line = 15 * devicePixelRatio;
  for (let i = 1; i < places.length; i++) places[i]!.y = Math.max(places[i]!.y, places[i - 1]!.y + line);
  let lowest = plot.bbox.top + plot.bbox.height;
  for (let i = places.length - 1; i >= 0; i--, lowest -= line) places[i]!.y = Math.min(places[i]!.y, lowest);
  context.save();
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const place of places) {
    context.fillStyle = colour("--text");
    context.fillText(place.words, plot.bbox.left + plot.bbox.width + 6 * devicePixelRatio, place.y);
  }
  context.restore();
}

function drawLine(plot: uPlot, at: number, words: string): void {
  const context = plot.ctx, y = plot.valToPos(at, "y", true);
  context.save();
  context.strokeStyle = context.fillStyle = colour("--text");
  context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  context.beginPath();
  context.moveTo(plot.bbox.left, y);
  context.lineTo(plot.bbox.left + plot.bbox.width, y);
  context.stroke();
  context.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  context.textBaseline = "bottom";
  context.fillText(words, plot.bbox.left + 6 * devicePixelRatio, y - 2 * devicePixelRatio);
  context.restore();
}

function options(drawer: Drawer, data: ChartData, width: number): uPlot.Options {
  const many = data.series.length > 1;
  const text = colour("--text"), grid = colour("--grid");
  const font = "12px system-ui, sans-serif";
  const longest = Math.max(...data.series.map((series) => series.name.length));
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font };
  return {
    width, height: 240, padding: [12, many ? Math.min(longest * 7 + 8, width / 3) : 12, 0, 0],
    legend: { show: false }, cursor: { show: false }, select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: (_, min, max) => (data.bars ? [min - 0.6, max + 0.6] : [min, max === min ? max + 1 : max]) },
      y: { range: (_, min, max) => [Math.min(data.floor ?? 0, min), Math.max(max, data.line?.at ?? 0, 1) * 1.08] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64, values: (_, splits) => splits.map((x) => (data.x.includes(x) || !data.bars ? data.xWord(x) : "")),
        ...(data.bars ? { incrs: [1, 2, 3, 6, 12] } : { incrs: [1, 2, 7, 14, 30, 61, 91, 182] }) },
      { ...axis, size: 58, space: 36, values: (_, splits) => splits.map((y) => (data.yWord ?? String)(y)), ...(data.yWord ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] }) },
    ],
    series: [{}, ...data.series.map((series): uPlot.Series => {
      const builder = path(drawer, series, data.bars);
      return {
        label: series.name, stroke: colour(series.colour), width: data.bars ? 0 : 2.5, points: { show: !data.bars && series.values.length < 60 && !series.stepped },
        spanGaps: true, ...(data.bars ? { fill: colour(series.colour) } : {}), ...(series.dash ? { dash: series.dash } : {}), ...(builder ? { paths: builder } : {}),
      };
    })],
    hooks: { draw: [(plot) => {
      if (many) endLabels(plot, data);
      if (data.line) drawLine(plot, data.line.at, data.line.words);
    }] },
  };
}

function Canvas({ data, words }: { data: ChartData; words: string }) {
  const place = useRef<HTMLDivElement>(null);
  const look = theme.use(), spoken = language.use();
  useEffect(() => {
    const box = place.current!;
    let plot: uPlot | undefined, drawer: Drawer | undefined, gone = false;
    const draw = (): void => {
      plot?.destroy();
      if (drawer && !gone) plot = new drawer(options(drawer, data, box.clientWidth), [data.x, ...data.series.map((one) => one.values)] as uPlot.AlignedData, box);
    };
    void import("uplot").then((found) => { drawer = found.default; draw(); });
    let width = box.clientWidth;
    const sizes = new ResizeObserver(() => { if (box.clientWidth !== width && box.clientWidth > 0) { width = box.clientWidth; draw(); } });
    sizes.observe(box);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    // Paper is white, whatever the screen is: theme.ts turned the page light before this is heard.
    addEventListener("beforeprint", draw);
    addEventListener("afterprint", draw);
    return () => {
      gone = true;
      sizes.disconnect();
      dark.removeEventListener("change", draw);
      removeEventListener("beforeprint", draw);
      removeEventListener("afterprint", draw);
      plot?.destroy();
    };
  }, [data, look, spoken]);
  return <div ref={place} class="plot" role="img" aria-label={words} />;
}

/** The frame of every chart, also of those that are drawn as SVG. */
export function Figure({ title, table, children }: { title: string; table: ComponentChildren; children: ComponentChildren }) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {children}
      <details><summary>{t("page:chart:table")}</summary>{table}</details>
    </figure>
  );
}

export function Chart({ title, data, table }: { title: string; data: ChartData; table: ComponentChildren }) {
  return <Figure title={title} table={table}><Canvas data={data} words={title} /></Figure>;
}

export interface Bar { name: string; value: number; of?: number }
/** Bars lying down, each with its name and its figure. */
export function Bars({ bars, words }: { bars: Bar[]; words?: (bar: Bar) => string }) {
  const most = Math.max(1, ...bars.map((bar) => Math.max(bar.value, bar.of ?? 0)));
  return (
    <div class="bars">
      {bars.map((bar) => (
        <div class="bar">
          <span class="bar-name">{bar.name}</span>
          <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            {bar.of !== undefined && <rect x="0" y="0" width={(bar.of / most) * 100} height="12" class="bar-of" />}
            <rect x="0" y="2" width={(bar.value / most) * 100} height="8" class="bar-value" />
          </svg>
          <span class="bar-figure">{words ? words(bar) : bar.value}</span>
        </div>
      ))}
    </div>
  );
}
