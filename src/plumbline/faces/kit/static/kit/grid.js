/* Measurement grid: paste from Excel, arrow keys, results while typing, drafts that save themselves.
   <form data-grid data-live-url=… data-draft-url=… data-draft-key=… data-draft-version=…>; protocol in the kit's docs.
   Without script the same form posts with a button and the page comes back with the results. */
(function () {
  "use strict";
  var IDLE_MS = 700;
  var FIRST_WAIT_MS = 2000;
  var LONGEST_WAIT_MS = 60000;

  function table(form) { return form.querySelector("[data-cells]"); }
  function inputs(form) { return Array.prototype.slice.call(table(form).querySelectorAll("input")); }
  function matrix(form) {
    return Array.prototype.map.call(table(form).querySelectorAll("tbody tr:not(.sum)"), function (row) {
      return Array.prototype.slice.call(row.querySelectorAll("td input"));
    }).filter(function (row) { return row.length; });
  }
  function place(rows, cell) {
    for (var r = 0; r < rows.length; r++) { var c = rows[r].indexOf(cell); if (c >= 0) return [r, c]; }
    return null;
  }
  /* What a spreadsheet may hold: full-width digits and signs, a comma for the point, thousands, a true minus. */
  function clean(text) {
    var plain = text.normalize("NFKC").replace(/[\u2212\u2013]/g, "-").replace(/[\s\u00a0\u2009\u202f']/g, "");
    if (/^[+-]?\d+,\d+$/.test(plain) && plain.indexOf(".") < 0) plain = plain.replace(",", ".");
    return plain.replace(/^\+/, "");
  }

  function paste(form, event, changed) {
    var text = (event.clipboardData || window.clipboardData).getData("text");
    var lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map(function (line) { return line.split("\t"); });
    var rows = matrix(form);
    var at = place(rows, event.target);
    if (!at) return;
    event.preventDefault();
    lines.forEach(function (line, r) {
      line.forEach(function (value, c) {
        var cell = rows[at[0] + r] && rows[at[0] + r][at[1] + c];
        if (cell && !cell.readOnly) { cell.value = clean(value); cell.classList.remove("pre"); look(cell); }
      });
    });
    var last = rows[Math.min(rows.length - 1, at[0] + lines.length - 1)];
    last[Math.min(last.length - 1, at[1] + lines[lines.length - 1].length - 1)].focus();
    changed();
  }

  function arrows(form, event) {
    var rows = matrix(form);
    var at = place(rows, event.target);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    var cell = event.target;
    var step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] }[event.key];
    var atStart = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    if (!step && event.key === "ArrowLeft" && (atStart || cell.selectionEnd === 0)) step = [0, -1];
    if (!step && event.key === "ArrowRight" && (atStart || cell.selectionStart === cell.value.length)) step = [0, 1];
    if (!step) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!cell.value && cell.dataset.offered) { cell.value = cell.dataset.offered; cell.dispatchEvent(new Event("input", { bubbles: true })); }
    }
    var row = rows[at[0] + step[0]];
    var next = row && row[at[1] + step[1]];
    if (!next && event.key === "Enter") next = rows[0][at[1] + 1];
    if (next) { event.preventDefault(); next.focus(); next.select(); }
  }

  /* A value that looks wrong asks, it does not block. */
  function look(cell) {
    var value = Number(clean(cell.value));
    var asks = cell.value !== "" && (Number.isNaN(value) || (cell.dataset.low && value < Number(cell.dataset.low)) || (cell.dataset.high && value > Number(cell.dataset.high)));
    cell.classList.toggle("asks", Boolean(asks));
  }

  function show(answer) {
    Object.keys(answer.fragments || {}).forEach(function (id) {
      var element = document.getElementById(id);
      if (element) { element.innerHTML = answer.fragments[id]; element.classList.remove("is-late"); }
    });
  }

  function Draft(form) {
    this.form = form;
    this.box = document.querySelector("[data-draft-status]");
    this.key = "plumbline:draft:" + (form.dataset.draftKey || form.action);
    this.version = form.dataset.draftVersion || "";
    this.wait = FIRST_WAIT_MS;
    this.timer = 0;
    this.turn = 0;
    this.isStopped = false;
  }
  Draft.prototype.say = function (word, extra) {
    if (!this.box) return;
    this.box.textContent = (this.box.dataset[word] || "") + (extra ? " " + extra : "");
    this.box.className = word === "offline" || word === "signedout" || word === "conflict" || word === "refused" ? "ob-off t13" : "t13 s2";
  };
  Draft.prototype.values = function () {
    var values = {};
    new FormData(this.form).forEach(function (value, name) { if (typeof value === "string" && name !== "csrfmiddlewaretoken") values[name] = value; });
    return values;
  };
  Draft.prototype.keep = function (isSubmitted) {
    try { localStorage.setItem(this.key, JSON.stringify({ version: this.version, values: this.values(), isSubmitted: Boolean(isSubmitted) })); } catch (e) { /* full or forbidden: the network still saves */ }
  };
  Draft.prototype.forget = function () { try { localStorage.removeItem(this.key); } catch (e) { /* nothing kept */ } };
  Draft.prototype.restore = function () {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.key) || "null"); } catch (e) { kept = null; }
    if (!kept) return false;
    /* Submitted and another version now: it got through. Another version otherwise: somebody else was here. */
    if (kept.version !== this.version) {
      if (kept.isSubmitted) this.forget(); else this.say("conflict");
      return false;
    }
    var form = this.form;
    var isChanged = false;
    Object.keys(kept.values).forEach(function (name) {
      var field = form.elements.namedItem(name);
      if (!field || field.readOnly) return;
      if (field.value !== kept.values[name]) { field.value = kept.values[name]; isChanged = true; }
    });
    if (isChanged) this.say("restored");
    return isChanged;
  };
  Draft.prototype.send = function () {
    var self = this;
    var url = this.form.dataset.draftUrl || this.form.dataset.liveUrl;
    if (!url || this.isStopped) return;
    var turn = ++this.turn;
    var body = new FormData(this.form);
    if (this.version) body.set("draft_version", this.version);
    if (this.form.dataset.draftUrl) this.say("saving");
    fetch(url, { method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (response) {
      if (response.status === 409) { self.isStopped = true; self.say("conflict"); return null; }
      if (response.status === 401 || response.status === 403 || response.redirected) { self.say("signedout"); return null; }
      if (response.status >= 500) throw new Error("server");
      return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; });
    }).then(function (got) {
      if (!got) return;
      self.wait = FIRST_WAIT_MS;
      if (got.answer.version) self.version = String(got.answer.version);
      if (turn !== self.turn) return;
      show(got.answer);
      if (!got.ok) { self.say("refused", got.answer.say || ""); return; }
      if (self.form.dataset.draftUrl) { self.forget(); self.say("saved", got.answer.saved_at || ""); }
    }).catch(function () {
      if (turn !== self.turn) return;
      self.say("offline");
      clearTimeout(self.timer);
      self.timer = setTimeout(function () { self.send(); }, self.wait);
      self.wait = Math.min(LONGEST_WAIT_MS, self.wait * 2);
    });
  };
  Draft.prototype.changed = function () {
    var self = this;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.send(); }, IDLE_MS);
  };

  function start(form) {
    var draft = new Draft(form);
    var changed = function () { draft.changed(); };
    if (draft.restore()) changed();
    form.addEventListener("input", function (event) {
      var cell = event.target;
      if (cell.closest("[data-cells]")) {
        cell.classList.remove("pre");
        look(cell);
        var late = cell.closest("tr").querySelector("[data-result]");
        if (late) late.classList.add("is-late");
      }
      changed();
    });
    form.addEventListener("change", changed);
    if (table(form)) {
      table(form).addEventListener("paste", function (event) { if (event.target.tagName === "INPUT") paste(form, event, changed); });
      table(form).addEventListener("keydown", function (event) { if (event.target.tagName === "INPUT") arrows(form, event); });
      table(form).addEventListener("focusin", function (event) { if (event.target.tagName === "INPUT") event.target.select(); });
      inputs(form).forEach(look);
    }
    form.addEventListener("submit", function () { draft.keep(true); draft.isStopped = true; clearTimeout(draft.timer); });
    window.addEventListener("online", function () { draft.wait = FIRST_WAIT_MS; draft.send(); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-grid]").forEach(start);
  });
})();
