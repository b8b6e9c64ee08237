/* The search box of the frame: answers while one types. `keys.js` leads to it, arrows move through the answers,
   Enter opens the one marked or else the page of all answers, Escape closes. Without script the form is that page.
   On the page itself the arrows move through its links. */
(function () {
  "use strict";

  var WAIT_MS = 120, LEAST = 2;

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
  }

  function start(form) {
    var field = form.querySelector("[data-search]"), out = form.querySelector(".jump-out");
    var said = form.querySelector("[data-jump-status]"), timer = 0, asked = "", answering = null;

    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");

    function options() { return Array.prototype.slice.call(out.querySelectorAll("[role=option]")); }

    function marked() { return out.querySelector("[aria-selected=true]"); }

    function mark(option) {
      var before = marked();
      if (before) before.setAttribute("aria-selected", "false");
      if (!option) { field.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function close() {
      out.hidden = true;
      mark(null);
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-controls");
    }

    function show(html) {
      out.innerHTML = html;
      out.hidden = false;
      mark(null);
      var count = options().length;
      field.setAttribute("aria-expanded", count ? "true" : "false");
      if (count) field.setAttribute("aria-controls", "jump-list");
      else field.removeAttribute("aria-controls");
      said.textContent = count ? said.dataset.some.replace("{n}", count) : said.dataset.none;
    }

    function ask() {
      var text = field.value.trim();
      if (text === asked && !out.hidden) return;
      if (answering) answering.abort();
      asked = text;
      if (text.length < LEAST) { close(); return; }
      answering = new AbortController();
      fetch(form.dataset.jump + "?q=" + encodeURIComponent(text), { signal: answering.signal, credentials: "same-origin" })
        .then(function (answer) {
          if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
          return answer.text();
        })
        .then(function (html) { if (text === asked) show(html); })
        .catch(function (error) {
          if (error.name === "AbortError") return;
          close();
          said.textContent = said.dataset.failed;
        });
    }

    function move(step) {
      var all = options();
      if (out.hidden || !all.length) return false;
      var now = all.indexOf(marked()), next = now + step;
      mark(next < 0 || next >= all.length ? (now < 0 && step < 0 ? all[all.length - 1] : null) : all[next]);
      return true;
    }

    field.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT_MS);
    });
    field.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      } else if (event.key === "Escape" && !out.hidden) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && !out.hidden && marked()) {
        event.preventDefault();
        marked().click();
      }
    });
    form.addEventListener("focusout", function (event) {
      if (!form.contains(event.relatedTarget)) close();
    });
  }

  function among(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-found] [data-answer]"));
    var now = links.indexOf(document.activeElement);
    if (!links.length || (now < 0 && document.activeElement !== document.body)) return false;
    var next = links[Math.max(0, Math.min(links.length - 1, now + step))];
    next.focus();
    return true;
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-jump]"), start);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (among(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    }
  });
})();
