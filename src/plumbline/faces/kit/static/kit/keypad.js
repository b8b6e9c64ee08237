/* Big keys for gloves: shown on touch screens, they type into the cell that was focused last.
   Without script the tablet's own keyboard does it. */
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var pad = document.querySelector("[data-keypad]");
    var cells = Array.prototype.slice.call(document.querySelectorAll("[data-cells] input:not([readonly])"));
    if (!pad || !cells.length) return;
    var current = cells.find(function (cell) { return !cell.value; }) || cells[0];
    if (window.matchMedia("(pointer: coarse)").matches || pad.hasAttribute("data-always")) {
      pad.hidden = false;
      cells.forEach(function (cell) { cell.setAttribute("inputmode", "none"); });
    }
    document.addEventListener("focusin", function (event) {
      if (cells.indexOf(event.target) >= 0) current = event.target;
    });

    function write(text) {
      current.value = text;
      current.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function go(step) {
      if (step > 0 && !current.value && current.dataset.offered) write(current.dataset.offered);
      var next = cells[cells.indexOf(current) + step];
      if (next) current = next;
      current.focus();
    }
    pad.addEventListener("pointerdown", function (event) { if (event.target.closest("[data-key]")) event.preventDefault(); });
    pad.addEventListener("click", function (event) {
      var button = event.target.closest("[data-key]");
      if (!button) return;
      var key = button.dataset.key;
      if (key === "next") go(1);
      else if (key === "previous") go(-1);
      else if (key === "back") { write(current.value.slice(0, -1)); current.focus(); }
      else if (key === "-") { write(current.value.charAt(0) === "-" ? current.value.slice(1) : "-" + current.value); current.focus(); }
      else if (key !== "." || current.value.indexOf(".") < 0) { write(current.value + key); current.focus(); }
    });
  });
})();
