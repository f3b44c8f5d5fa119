// plotly.js, once a page, for the stepper's heatmaps and the pages' charts.
import { element } from "./element.js";

/** @type {Promise<import("../types").Heatmaps> | null} */
let loading = null;

/**
 * @param {string} url
 */
export function plotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: url });
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error("plotly.js could not be loaded"));
    };
    document.head.append(script);
  });
  return loading;
}
