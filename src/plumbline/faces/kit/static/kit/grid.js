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
  function clean(cell) { return window.plumblinePaste.value(cell.value, cell.dataset.unit); }

  /* The grid from a cell on, as paste.js asks for it. */
  function targetOf(rows, at) {
    var below = rows.slice(at[0]);
    var names = {};
    rows.forEach(function (row) { names[codeOf(row)] = row[0].closest("tbody").querySelector(".og b").textContent.trim(); });
    return {
      rows: below.length, width: below[0].length - at[1], points: below.map(codeOf), names: names,
      runs: below.map(function (row) { return Number(row[0].name.split(".")[1]); }),
      units: rows[0].map(function (cell) { return cell.dataset.unit || ""; }).filter(Boolean)
    };
  }
  function codeOf(row) { return row[0].name.split(".")[0]; }

  /* Pasting: all of it or nothing; each cell is marked until somebody has looked at it, and the whole can be taken back. */
  function Pasting(form, changed) {
    this.form = form;
    this.changed = changed;
    this.box = form.querySelector("[data-paste]");
    this.before = null;
  }
  Pasting.prototype.say = function (word, facts, extra) {
    if (!this.box) return;
    var fill = function (sentence) { return (sentence || "").replace(/\{(\w+)\}/g, function (_all, name) { return facts[name]; }); };
    var isFault = word !== "done" && word !== "undone";
    this.box.querySelector("[data-paste-text]").textContent = [fill(this.box.dataset[word])].concat((extra || []).map(function (one) { return fill(this.box.dataset[one]); }, this)).join(" ");
    this.box.classList.toggle("is-fault", isFault);
    this.box.querySelectorAll("[data-paste-do]").forEach(function (button) { button.hidden = word !== "done"; });
    this.box.hidden = false;
  };
  Pasting.prototype.paste = function (event) {
    var rows = matrix(this.form);
    var at = place(rows, event.target);
    if (!at || event.target.readOnly) return;
    event.preventDefault();
    var got = window.plumblinePaste.read((event.clipboardData || window.clipboardData).getData("text"), targetOf(rows, at));
    if (got.fault) { this.say(got.fault, got); return; }
    this.write(got, rows, at);
  };
  Pasting.prototype.write = function (got, rows, at) {
    var before = [];
    var isOne = got.lines.length === 1 && got.lines[0].length === 1; /* is being looked at already */
    got.lines.forEach(function (line, r) {
      line.forEach(function (value, c) {
        var cell = rows[at[0] + r] && rows[at[0] + r][at[1] + c];
        if (!cell) return;
        before.push({ cell: cell, old: cell.value, now: value });
        set(cell, value);
        cell.classList.toggle("pasted", !isOne);
      });
    });
    this.before = before;
    this.isLast = true;
    var emptied = before.filter(function (one) { return one.old && !one.now; }).length;
    var extra = [].concat(got.skipped ? ["skipped"] : [], got.left ? ["labels"] : [], emptied ? ["emptied"] : []);
    this.say("done", { n: before.length, skipped: got.skipped, left: got.left, emptied: emptied }, extra);
    var last = before[before.length - 1].cell;
    last.focus();
    last.classList.toggle("pasted", !isOne); /* the cell that happens to hold the cursor has not been looked at for that */
    this.changed();
  };
  Pasting.prototype.undo = function () {
    if (!this.before) return;
    var back = this.before.filter(function (one) { return one.cell.value === one.now; });
    back.forEach(function (one) { set(one.cell, one.old); });
    this.before.forEach(function (one) { one.cell.classList.remove("pasted"); });
    this.before = null;
    this.say("undone", { n: back.length });
    this.changed();
  };
  Pasting.prototype.looked = function (cell) {
    cell.classList.remove("pasted");
    if (this.before && !this.form.querySelector(".pasted") && this.box) this.box.hidden = true;
  };
  Pasting.prototype.all = function () { this.form.querySelectorAll(".pasted").forEach(this.looked, this); };
  function set(cell, value) {
    cell.value = value;
    cell.classList.remove("pre");
    look(cell);
    var late = cell.closest("tr").querySelector("[data-result]");
    if (late) late.classList.add("is-late");
  }
  function startPasting(form, changed) {
    var pasting = new Pasting(form, changed);
    var cells = table(form);
    cells.addEventListener("paste", function (event) { if (event.target.tagName === "INPUT") pasting.paste(event); });
    cells.addEventListener("input", function (event) { pasting.isLast = false; pasting.looked(event.target); });
    cells.addEventListener("focusin", function (event) { pasting.looked(event.target); });
    form.addEventListener("keydown", function (event) {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && pasting.isLast && pasting.before) { event.preventDefault(); pasting.undo(); }
    });
    form.addEventListener("click", function (event) {
      var button = event.target.closest("[data-paste-do]");
      if (button) pasting[button.dataset.pasteDo]();
    });
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
    var read = clean(cell);
    var value = Number(read);
    var asks = cell.value !== "" && (read === null || (cell.dataset.low && value < Number(cell.dataset.low)) || (cell.dataset.high && value > Number(cell.dataset.high)));
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
    this.isSignedOut = false;
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
    if (kept.version === this.version) return this.putBack(kept);
    /* Another version now: saved elsewhere since. Nobody but the reader can say which of the two holds. */
    if (this.differs(kept)) this.offer(kept); else this.forget();
    return false;
  };
  Draft.prototype.fields = function (kept) {
    var form = this.form;
    return Object.keys(kept.values).map(function (name) { return { name: name, field: form.elements.namedItem(name), value: kept.values[name] }; }).filter(function (one) {
      return one.field && !one.field.readOnly && one.field.type !== "hidden" && one.field.value !== one.value;
    });
  };
  Draft.prototype.differs = function (kept) { return this.fields(kept).length > 0; };
  Draft.prototype.putBack = function (kept) {
    var changed = this.fields(kept);
    changed.forEach(function (one) { one.field.value = one.value; });
    if (changed.length) this.say("restored");
    return changed.length > 0;
  };
  Draft.prototype.offer = function (kept) {
    var self = this;
    this.say("conflict");
    if (!this.box || !this.box.dataset.putback) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = this.box.dataset.putback;
    button.addEventListener("click", function () { if (self.putBack(kept)) { inputs(self.form).forEach(look); self.changed(); } });
    this.box.append(" ", button);
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
      if (response.status === 401 || response.status === 403 || response.redirected) { self.signedOut(); return null; }
      if (response.status >= 500) throw new Error("server");
      return response.json().then(function (answer) { return { ok: response.ok, answer: answer }; });
    }).then(function (got) {
      if (!got) return;
      self.isSignedOut = false;
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
  /* The session ended, or the token is of an earlier one: once somebody has signed in again, it goes on by itself. */
  Draft.prototype.signedOut = function () {
    var isAgain = this.isSignedOut;
    this.isSignedOut = true;
    this.say("signedout");
    if (!isAgain) this.renew();
  };
  Draft.prototype.renew = function () {
    var self = this;
    if (!this.isSignedOut || !window.plumblineSession) return;
    window.plumblineSession.renew(this.form).then(function (isIn) { if (isIn) self.send(); }).catch(function () { /* no line: asked again when the page is looked at */ });
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
      startPasting(form, changed);
      table(form).addEventListener("keydown", function (event) { if (event.target.tagName === "INPUT") arrows(form, event); });
      table(form).addEventListener("focusin", function (event) { if (event.target.tagName === "INPUT") event.target.select(); });
      inputs(form).forEach(look);
    }
    form.addEventListener("submit", function () { draft.keep(true); draft.isStopped = true; clearTimeout(draft.timer); });
    window.addEventListener("focus", function () { draft.renew(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) draft.renew(); });
    window.addEventListener("online", function () { draft.wait = FIRST_WAIT_MS; draft.send(); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-grid]").forEach(start);
  });
})();
