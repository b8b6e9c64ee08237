/* A page that stayed open while its session ended: after signing in elsewhere its forms get the new token and go on.
   `plumblineSession.renew(form)` promises true where the form's own person is signed in; somebody else's form is left alone.
   <form data-session-url=… data-actor=…>. */
(function () {
  "use strict";
  function renew(form) {
    if (!form.dataset.sessionUrl) return Promise.resolve(false);
    return fetch(form.dataset.sessionUrl, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (response) {
      return response.ok ? response.json() : { person: "" };
    }).then(function (now) {
      if (!now.person || now.person !== form.dataset.actor) return false;
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = now.token; });
      return true;
    });
  }
  window.plumblineSession = { renew: renew };
})();
