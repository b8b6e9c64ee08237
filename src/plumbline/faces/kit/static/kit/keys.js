/* Keyboard for work lists: J and K move, Enter opens, D does the next act; slash or Ctrl K goes to the search; Escape
   closes the drawer one is in. A list says `data-work` on its table. Without script links and buttons do the same.
   Keys of one character can be turned off (WCAG 2.1.4): who speaks to a computer, or shakes, presses them unmeant. */
(function () {
  "use strict";
  var KEPT = "plumbline:keys";
  var root = document.documentElement;

  function areOff() { return root.classList.contains("no-keys"); }
  function turn(isOff, button) {
    root.classList.toggle("no-keys", isOff);
    if (!button) return;
    button.dataset.on = button.dataset.on || button.textContent;
    button.textContent = isOff ? button.dataset.off : button.dataset.on;
  }
  function start() {
    var button = document.querySelector("[data-keys-toggle]"), isOff = false;
    try { isOff = localStorage.getItem(KEPT) === "off"; } catch (e) { /* a private window starts with them on */ }
    turn(isOff, button);
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      turn(!areOff(), button);
      try { localStorage.setItem(KEPT, areOff() ? "off" : "on"); } catch (e) { /* for this page only */ }
    });
  }

  function close(target) {
    var drawer = target.closest("details.lst-d[open]");
    if (!drawer) return false;
    drawer.open = false;
    drawer.querySelector("summary").focus();
    return true;
  }

  function search() {
    var field = document.querySelector("[data-search]");
    if (field) { field.focus(); field.select(); }
    return Boolean(field);
  }

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
    var control = row && row.querySelector(".wact a, .wact button, a.wact");
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
      if (search()) event.preventDefault();
      return;
    }
    if (event.key === "Escape" && !event.isComposing && close(event.target)) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    var key = event.key.toLowerCase(), done = false;
    if (key === "enter" && event.target === document.body) done = open();
    else if (!areOff()) done = key === "j" ? move(1) : key === "k" ? move(-1) : key === "d" ? act() : key === "/" && search();
    if (done) event.preventDefault();
  });
  start();
})();
