/* Keeps a form's draft on the server while it is filled in: <form data-draft-url=…> with an element [data-draft-state].
   A session that ended is said at once, and saving goes on by itself after signing in again (session.js).
   Without script the form has a button that does the same. */
(function () {
  "use strict";
  var IDLE_MS = 900;
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-draft-url]");
    var box = document.querySelector("[data-draft-state]");
    if (!form || !box) return;
    var timer = 0;
    var isSignedOut = false;
    function say(word, extra) { box.textContent = (box.dataset[word] || "") + (extra ? " " + extra : ""); box.classList.toggle("tx-due", word !== "saved"); }
    function renew() {
      if (isSignedOut) window.plumblineSession.renew(form).then(function (isIn) { if (isIn) send(); }).catch(function () { /* no line: asked again later */ });
    }
    function refused() {
      var isAgain = isSignedOut;
      isSignedOut = true;
      say("signedout");
      if (!isAgain) renew();
    }
    function send() {
      var said = new FormData(form);
      /* Files go with the form itself, once: not each time somebody types. */
      form.querySelectorAll("input[type=file]").forEach(function (input) { said.delete(input.name); });
      fetch(form.dataset.draftUrl, { method: "POST", body: said, credentials: "same-origin" }).then(function (answer) {
        if (answer.redirected || answer.status === 403) { refused(); return null; }
        if (!answer.ok) throw new Error("refused");
        return answer.json();
      }).then(function (answer) {
        if (!answer) return;
        isSignedOut = false;
        say("saved", answer.saved_at);
      }).catch(function () { say("offline"); });
    }
    function later() { clearTimeout(timer); timer = setTimeout(send, IDLE_MS); }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", function () { clearTimeout(timer); });
    window.addEventListener("online", later);
    window.addEventListener("focus", renew);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) renew(); });
    /* Choosing another site shows its instruments at once. */
    form.querySelectorAll("input[name=site]").forEach(function (radio) {
      radio.addEventListener("change", function () { form.querySelector("button[name=step][value=site]").click(); });
    });
  });
})();
