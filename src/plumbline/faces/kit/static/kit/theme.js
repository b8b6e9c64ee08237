/* Theme: without script the system's choice holds; with it a button keeps the reader's own. Runs in the head, so nothing flashes. */
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "plumbline:theme";
  function kept() { try { return localStorage.getItem(KEY); } catch (e) { return null; } }
  function apply(theme) {
    if (theme === "dark" || theme === "light") root.setAttribute("data-theme", theme);
    else root.removeAttribute("data-theme");
  }
  function isDark() {
    var set = root.getAttribute("data-theme");
    return set ? set === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }
  root.classList.remove("no-js");
  if (!root.hasAttribute("data-theme")) apply(kept());
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-theme-toggle]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var next = isDark() ? "light" : "dark";
        apply(next);
        try { localStorage.setItem(KEY, next); } catch (e) { /* a private window keeps it for this page only */ }
      });
    });
    var summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  });
})();
