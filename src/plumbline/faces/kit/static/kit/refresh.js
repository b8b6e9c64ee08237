/* A part of a page that asks itself again while it says so: <div id=… data-refresh="2"> (seconds).
   What the reader has in hand stays: nothing is replaced while a control inside it is focused, nor in a hidden tab.
   Without script the link "refresh" does the same. */
(function () {
  "use strict";
  function again(part) {
    var seconds = Number(part.dataset.refresh);
    if (!seconds) return;
    setTimeout(function () { look(part.id); }, seconds * 1000);
  }
  function look(id) {
    var part = document.getElementById(id);
    if (!part) return;
    if (document.hidden || part.contains(document.activeElement)) { again(part); return; }
    fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } }).then(function (response) {
      return response.ok && !response.redirected ? response.text() : Promise.reject(response.status);
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
      if (!fresh) { location.reload(); return; }
      part.replaceWith(fresh);
      again(fresh);
    }).catch(function () { again(part); });
  }
  document.querySelectorAll("[data-refresh][id]").forEach(again);
})();
