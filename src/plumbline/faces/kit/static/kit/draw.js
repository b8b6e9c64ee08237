/* A draw: beside an input `commitment` a button makes a nonce here, in the browser, so that the server cannot know it,
   seals it into the input and keeps it on this device; beside an input `nonce` another puts it back. Without script the
   two values are made in a terminal and copied. The page says which draw it is and whose act is whose in `data-draw`. */
(function () {
  "use strict";

  var place = document.querySelector("[data-draw]");
  if (!place || !window.crypto || !window.crypto.subtle) return;
  var parties = {};
  place.dataset.drawActs.split(" ").forEach(function (each) { parties[each.split("=")[0]] = each.split("=")[1]; });

  function hex(bytes) {
    return Array.from(bytes, function (each) { return each.toString(16).padStart(2, "0"); }).join("");
  }

  function partyOf(input) {
    var act = input.form && input.form.elements.namedItem("act");
    return act ? parties[act.value] : undefined;
  }

  function keyOf(input) { return "plumbline.draw." + place.dataset.draw + "." + partyOf(input); }

  function kept(input) {
    try { return window.localStorage.getItem(keyOf(input)) || ""; } catch (error) { return ""; }
  }

  function keep(input, nonce) {
    try { window.localStorage.setItem(keyOf(input), nonce); } catch (error) { /* shown below, to be copied */ }
  }

  function seal(input, shown) {
    var nonce = window.crypto.getRandomValues(new Uint8Array(32));
    var party = new TextEncoder().encode(partyOf(input));
    var said = new Uint8Array(party.length + 1 + nonce.length);
    said.set(party, 0);
    said.set(nonce, party.length + 1);
    window.crypto.subtle.digest("SHA-256", said).then(function (digest) {
      keep(input, hex(nonce));
      input.value = hex(new Uint8Array(digest));
      shown.textContent = place.dataset.keep + " " + hex(nonce);
    });
  }

  function button(input, words, press) {
    var bar = document.createElement("p");
    var shown = document.createElement("output");
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn";
    made.textContent = words;
    shown.className = "t13 code";
    made.addEventListener("click", function () { press(input, shown); });
    bar.className = "bar";
    bar.append(made);
    input.closest(".f").append(bar, shown);
  }

  document.querySelectorAll("input[name=commitment]").forEach(function (input) {
    if (partyOf(input)) button(input, place.dataset.make, seal);
  });
  document.querySelectorAll("input[name=nonce]").forEach(function (input) {
    if (partyOf(input) && kept(input)) {
      button(input, place.dataset.fill, function () { input.value = kept(input); });
    }
  });
})();
