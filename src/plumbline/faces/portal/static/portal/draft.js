/* Keeps a form's draft on the server while it is filled in: <form data-draft-url=…> with an element [data-draft-state].
   Without script the form has a button that does the same. */
(function () {
  "use strict";
  var IDLE_MS = 900;
  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-draft-url]");
    var box = document.querySelector("[data-draft-state]");
    if (!form || !box) return;
    var timer = 0;
    function say(word, extra) { box.textContent = (box.dataset[word] || "") + (extra ? " " + extra : ""); }
    function send() {
      fetch(form.dataset.draftUrl, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
        if (answer.redirected || !answer.ok) throw new Error("refused");
        return answer.json();
      }).then(function (answer) { say("saved", answer.saved_at); }).catch(function () { say("offline"); });
    }
    function later() { clearTimeout(timer); timer = setTimeout(send, IDLE_MS); }
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", function () { clearTimeout(timer); });
    window.addEventListener("online", later);
    /* Choosing another site shows its instruments at once. */
    form.querySelectorAll("input[name=site]").forEach(function (radio) {
      radio.addEventListener("change", function () { form.querySelector("button[name=step][value=site]").click(); });
    });
  });
})();
