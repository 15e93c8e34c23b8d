export { barChart } from "./bar-chart.ts";
export { type ChartData, chartData } from "./chart-data.ts";
export { lineChart } from "./line-chart.ts";
export { svgChart } from "./svg-chart.ts";
