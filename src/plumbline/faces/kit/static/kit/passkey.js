/* Passkeys: a form that says `data-passkey="get"` or `"create"` asks at `data-question`, lets the browser's authenticator
   answer, writes the answer into its input `credential` and sends itself. Without script such forms stay hidden and the
   other ways to sign in do the same. What went wrong is said in the form's own `[data-said]`. */
(function () {
  "use strict";

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (each) { return each.charCodeAt(0); });
  }

  function toText(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function described(list) {
    return (list || []).map(function (each) { return Object.assign({}, each, { id: toBytes(each.id) }); });
  }

  function asked(options) {
    var given = Object.assign({}, options, { challenge: toBytes(options.challenge) });
    if (options.user) given.user = Object.assign({}, options.user, { id: toBytes(options.user.id) });
    if (options.allowCredentials) given.allowCredentials = described(options.allowCredentials);
    if (options.excludeCredentials) given.excludeCredentials = described(options.excludeCredentials);
    return { publicKey: given };
  }

  function answer(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    });
    return JSON.stringify({
      id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: response,
      clientExtensionResults: {}
    });
  }

  function question(form) {
    var token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
    return fetch(form.dataset.question, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token }
    }).then(function (response) {
      if (response.ok && /json/.test(response.headers.get("content-type"))) return response.json();
      return response.text().then(function (text) {
        throw { said: /^text\/plain/.test(response.headers.get("content-type")) ? text : "" };
      });
    });
  }

  function say(form, text) {
    var place = form.querySelector("[data-said]");
    place.textContent = text;
    place.hidden = !text;
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      var input = form.querySelector("input[name=credential]");
      if (input.value) return;
      event.preventDefault();
      say(form, "");
      question(form).then(function (options) {
        return navigator.credentials[form.dataset.passkey](asked(options));
      }).then(function (credential) {
        input.value = answer(credential);
        form.submit();
      }).catch(function (error) {
        say(form, error.said || (error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed));
      });
    });
  });
})();
