/* What a spreadsheet brings to the measurement grid: read as a whole, refused as a whole with a sentence, never guessed.
   `plumblinePaste.read(text, target)` returns { lines, rows, columns } to be written, or { fault, … } to be said; it touches no
   page. target: { cells, width, runs, points, units } of the grid from the focused cell on.
   Headings, blank lines between points and columns of labels are left out; a reading is moved to no other run by them. */
(function () {
  "use strict";
  var NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;
  var GROUPED = /^-?\d{1,3}([ '’]\d{3})+(\.\d*)?$/;

  /* Cells of a clipboard as Excel and Calc write it: tabs, lines, and quotes around what holds either. */
  function split(text) {
    var lines = [[]], cell = "", isQuoted = false, source = text.replace(/\r\n?/g, "\n");
    for (var i = 0; i < source.length; i++) {
      var c = source[i];
      if (isQuoted) {
        if (c === '"' && source[i + 1] === '"') { cell += '"'; i++; }
        else if (c === '"') isQuoted = false;
        else cell += c;
      } else if (c === '"' && cell === "") isQuoted = true;
      else if (c === "\t" || c === "\n") { lines[lines.length - 1].push(cell); cell = ""; if (c === "\n") lines.push([]); }
      else cell += c;
    }
    lines[lines.length - 1].push(cell);
    return lines;
  }

  /* One writing for full-width digits, true minus and every kind of space; no unit where it is the column's own. */
  function plain(text, unit) {
    var one = text.normalize("NFKC").replace(/[\u2212\u2013]/g, "-").replace(/[\s\u00a0\u2009\u202f]+/g, " ").trim();
    one = one.replace(/^'/, "").replace(/(\d)\u3002(\d)/, "$1.$2");
    var own = (unit || "").normalize("NFKC");
    if (own && one.slice(-own.length) === own) one = one.slice(0, -own.length).trim();
    return one.replace(/^\+/, "");
  }
  /* What a cell says of the comma: "point" and "group" for sure, "open" where it could be either, "" without one. */
  function comma(one) {
    if (one.indexOf(",") < 0) return "";
    if (/^-?\d{1,3}(,\d{3})+\.\d*$/.test(one) || /^-?[1-9]\d{0,2}(,\d{3}){2,}$/.test(one)) return "group";
    if (/^-?[1-9]\d{0,2},\d{3}$/.test(one)) return "open";
    return /^-?\d*,\d+$/.test(one) ? "point" : "text";
  }
  /* A number as the record writes it; null for what is none. use: how a comma is meant here. */
  function number(one, use) {
    if (GROUPED.test(one)) one = one.replace(/[ '’]/g, "");
    var said = comma(one);
    if (said === "text" || (said === "open" && !use)) return null;
    if (said) one = (said === "open" ? use : said) === "group" ? one.replace(/,/g, "") : one.replace(",", ".");
    return NUMBER.test(one) ? one : null;
  }
  /* One cell alone, as typed: a comma that could be either is no number yet. */
  function value(text, unit) { return number(plain(text, unit), ""); }

  function looksLikeNumber(one) { return number(one, "point") !== null; }
  function isBlank(line) { return line.every(function (one) { return one === ""; }); }
  function column(lines, index) { return lines.map(function (line) { return line[index]; }); }

  /* Leave out lines without any number; between two runs of one point nobody can tell what such a line meant. */
  function dataLines(lines, target) {
    var kept = [], skipped = 0, isOpen = false;
    for (var r = 0; r < lines.length; r++) {
      if (!lines[r].some(looksLikeNumber)) {
        if (!isBlank(lines[r]) || kept.length) skipped++;
        isOpen = true;
        continue;
      }
      if (isOpen && kept.length && target.points[kept.length] && target.points[kept.length] === target.points[kept.length - 1]) {
        return { fault: "gap", row: r };
      }
      isOpen = false;
      kept.push({ cells: lines[r], row: r + 1 });
    }
    while (lines.length && isBlank(lines[lines.length - 1])) { lines.pop(); skipped = Math.max(0, skipped - 1); }
    return kept.length ? { kept: kept, skipped: skipped } : { fault: "empty" };
  }
  function pointOf(label, target) {
    var said = label.toLowerCase();
    return Object.keys(target.names).find(function (code) {
      return said === target.names[code].toLowerCase() || new RegExp("(^|[^a-z0-9])" + code + "($|[^a-z0-9])").test(said);
    }) || "";
  }
  function isAtItsPoint(labels, target) {
    return labels.every(function (label, r) { var code = label && pointOf(label, target); return !code || code === target.points[r]; });
  }
  /* How many columns on the left are labels: words without a number, then the numbers of the runs. */
  function labelColumns(lines, target) {
    var width = lines[0].length, left = 0, isNamed = false;
    while (left < width - 1) {
      var labels = column(lines, left);
      if (labels.some(looksLikeNumber) || labels.every(function (one) { return one === ""; })) break;
      isNamed = isNamed || labels.some(function (one) { return pointOf(one, target); });
      if (!isAtItsPoint(labels, target)) return { fault: "runs" };
      left++;
    }
    if (left && !isNamed && width <= target.width) return { left: 0 };
    var first = column(lines, left);
    var isRuns = lines.length > 1 && width - left > 1 && first.every(function (one, r) { return one === "" || one === String(target.runs[r]); }) && first.some(Boolean);
    if (isRuns && (left || width > target.width)) return { left: left + 1 };
    return isRuns ? { fault: "runs" } : { left: left };
  }

  function widths(lines) {
    var widest = Math.max.apply(null, lines.map(function (line) { return line.length; }));
    while (widest > 1 && lines.every(function (line) { return !line[widest - 1]; })) widest--;
    return lines.map(function (line) { var one = line.slice(0, widest); while (one.length < widest) one.push(""); return one; });
  }

  function read(text, target) {
    var lines = widths(split(text).map(function (line) { return line.map(function (cell) { return plain(cell, ""); }); }));
    var unread = widths(lines.map(function (line) { return line.map(function (cell) { return unitless(cell, target.units); }); }));
    var found = dataLines(unread, target);
    if (found.fault) return found;
    var labels = labelColumns(found.kept.map(function (line) { return line.cells; }), target);
    if (labels.fault) return labels;
    var rows = found.kept.map(function (line) { return { cells: line.cells.slice(labels.left), row: line.row }; });
    return fitted(rows, target) || numbers(rows, labels.left, found.skipped);
  }
  function unitless(cell, units) {
    for (var i = 0; i < units.length; i++) { var one = plain(cell, units[i]); if (one !== cell && looksLikeNumber(one)) return one; }
    return cell;
  }
  function fitted(rows, target) {
    var width = rows[0].cells.length, lost = 0;
    rows.forEach(function (line, r) {
      line.cells.forEach(function (one, c) { if (one !== "" && (r >= target.rows || c >= target.width)) lost++; });
    });
    return lost ? { fault: "overflow", n: lost, rows: target.rows, columns: target.width, gotrows: rows.length, gotcolumns: width } : null;
  }
  function numbers(rows, left, skipped) {
    var said = rows.map(function (line) { return line.cells.map(comma); }).reduce(function (all, one) { return all.concat(one); }, []);
    var hasDot = rows.some(function (line) { return line.cells.some(function (one) { return one.indexOf(".") >= 0; }); });
    var isPoint = said.indexOf("point") >= 0, isGroup = said.indexOf("group") >= 0;
    /* A comma that could be either is read only where all the others on the sheet leave one reading. */
    var use = isPoint && !isGroup && !hasDot ? "point" : isGroup && !isPoint ? "group" : "";
    for (var r = 0; r < rows.length; r++) for (var c = 0; c < rows[r].cells.length; c++) {
      var one = rows[r].cells[c];
      if (one === "") continue;
      var got = number(one, use);
      var isMixed = isPoint && isGroup && comma(one);
      if (got === null || isMixed) return { fault: comma(one) && comma(one) !== "text" ? "comma" : "text", row: rows[r].row, column: c + left + 1, text: one };
      rows[r].cells[c] = got;
    }
    return { lines: rows.map(function (line) { return line.cells; }), skipped: skipped, left: left };
  }

  window.plumblinePaste = { read: read, value: value };
})();
