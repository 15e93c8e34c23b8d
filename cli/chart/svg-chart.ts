import { UsageError } from "../usage-error.ts";
import type { ChartData } from "./chart-data.ts";

/** The release that this was tried on. */
const echartsVersion = "6.1.0";
const [width, height] = [960, 540];
/** Labels that can stand beside each other; more of them are thinned out. */
const manyRows = 24;

type Echarts = typeof import("echarts");

/** The chart as an SVG file's text: lines where the rows have a time in front, else bars. Throws `UsageError` without ECharts. */
export async function svgChart(
  data: ChartData,
  load: () => Promise<Echarts> = () => import("echarts"),
): Promise<string> {
  const echarts = await loadEcharts(load);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  const { labels, timesMs, series } = data;
  const isTime = timesMs !== undefined;
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    grid: { left: 16, right: 32, top: 48, bottom: 24, containLabel: true },
    legend: series.length > 1 ? { top: 8 } : { show: false },
    title: series.length === 1 ? { text: series[0]?.name ?? "", left: "center", top: 8 } : {},
    xAxis: isTime
      ? { type: "time" }
      : {
          type: "category",
          data: [...labels],
          axisLabel: { interval: labels.length > manyRows ? "auto" : 0, width: 120, overflow: "truncate" },
        },
    yAxis: { type: "value", scale: isTime },
    useUTC: true,
    series: series.map(({ name, values }) => ({
      name,
      type: isTime ? ("line" as const) : ("bar" as const),
      showSymbol: labels.length <= manyRows,
      data: values.map((value, index) => (isTime ? [timesMs[index] ?? 0, value ?? null] : (value ?? null))),
    })),
  } as Parameters<typeof chart.setOption>[0]);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

async function loadEcharts(load: () => Promise<Echarts>): Promise<Echarts> {
  try {
    return await load();
  } catch (thrown) {
    const { code, message = "" } = thrown as { code?: string; message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("echarts")) throw thrown;
    throw new UsageError(
      `--chart with a file draws with ECharts, which is not installed: npm install --save-dev echarts@${echartsVersion}`,
    );
  }
}
