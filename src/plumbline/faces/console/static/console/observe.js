/* Offers the temperatures of the row above to the empty cells below it, dashed until accepted (Enter or 下一格).
   Without script the server offers them when the page is opened. */
(function () {
  "use strict";
  function isWarm(cell) { return /℃$/.test((cell.closest("td") || {}).dataset ? cell.closest("td").dataset.label || "" : ""); }
  function offer(cell) {
    var parts = cell.name.split(".");
    if (parts.length !== 3 || !isWarm(cell) || !cell.value) return;
    var next = cell.form.elements.namedItem([parts[0], Number(parts[1]) + 1, parts[2]].join("."));
    if (!next || next.value) return;
    next.placeholder = cell.value;
    next.dataset.offered = cell.value;
    next.classList.add("pre");
  }
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-grid]");
    if (form) form.addEventListener("input", function (event) { if (event.target.closest("[data-cells]")) offer(event.target); });
  });
})();
