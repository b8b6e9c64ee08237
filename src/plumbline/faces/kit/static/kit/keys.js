/* Keyboard for work lists: J and K move, Enter opens, D does the next act; Ctrl K goes to the search.
   A list says `data-work` on its table. Without script the links and buttons of the rows do the same. */
(function () {
  "use strict";

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  function rowsOf(table) {
    return Array.prototype.filter.call(table.tBodies[0] ? table.querySelectorAll("tbody tr") : [], function (row) {
      return !row.classList.contains("grp") && row.querySelector("a, button");
    });
  }

  function select(rows, index) {
    rows.forEach(function (row, i) {
      row.classList.toggle("cur", i === index);
      if (i === index) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    var link = rows[index].querySelector("a.id") || rows[index].querySelector("a, button");
    link.focus({ preventScroll: true });
    rows[index].scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    var table = document.querySelector("table[data-work]");
    if (!table) return false;
    var rows = rowsOf(table);
    if (!rows.length) return false;
    var now = rows.findIndex(function (row) { return row.classList.contains("cur"); });
    select(rows, Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + step)));
    return true;
  }

  function act() {
    var row = document.querySelector("table[data-work] tr.cur");
    var control = row && row.querySelector(".wact a, .wact button");
    if (control) control.click();
    return Boolean(control);
  }

  function open() {
    var row = document.querySelector("table[data-work] tr.cur");
    var link = row && (row.querySelector("a.id") || row.querySelector("a"));
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      var field = document.querySelector("[data-search]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    var key = event.key.toLowerCase();
    var done = key === "j" ? move(1) : key === "k" ? move(-1) : key === "d" ? act() : false;
    if (key === "enter" && event.target === document.body) done = open();
    if (done) event.preventDefault();
  });
})();
