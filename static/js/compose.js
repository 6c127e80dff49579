// The composer saves what is typed by itself. Without this file a press on "Save the draft" does it.
(() => {
  const keeper = document.querySelector("[data-autosave]");
  const form = document.getElementById("compose");
  if (!keeper || !form) return;
  const line = document.getElementById("saved");
  const FIRST = 2000, LONGEST = 30000; // milliseconds until the next try
  let typed = 0, sent = 0, kept = 0, tries = 0, timer = 0, leaving = false;

  const say = (words) => {
    const text = document.createElement("p");
    text.className = "tiny unsaved";
    text.textContent = words;
    line.replaceChildren(text);
  };
  const again = () => { timer = 0; htmx.trigger(keeper, "again"); };
  const lost = (words) => {
    say(words);
    clearTimeout(timer);
    timer = setTimeout(again, Math.min(LONGEST, FIRST * 2 ** tries));
    tries += 1;
  };

  form.addEventListener("input", (event) => {
    typed += 1;
    // an error of the last press is over once its field changes; the next save says what is wrong now
    const field = event.target.closest(".field.has-error");
    if (field) { field.classList.remove("has-error"); field.querySelectorAll(":scope .errorlist").forEach((list) => list.remove()); }
  });
  // files do not travel while one types: choosing them presses their button
  form.addEventListener("change", (event) => {
    const button = event.target.type === "file" && event.target.files.length && event.target.closest(".look-card")?.querySelector("[data-add-pictures]");
    if (button) form.requestSubmit(button);
  });
  keeper.addEventListener("htmx:beforeRequest", () => { sent = typed; });
  keeper.addEventListener("htmx:beforeSwap", (event) => {
    // somebody signed out meanwhile is led to the way in: that page is no answer of ours
    if (new URL(event.detail.xhr.responseURL).pathname !== keeper.getAttribute("hx-post")) {
      event.detail.shouldSwap = false;
      lost("Not saved: you are signed out. Sign in again in another tab; this page goes on by itself.");
    } else if (event.detail.xhr.status === 200) { kept = sent; tries = 0; }
  });
  const unreached = (event) => {
    event.stopPropagation();
    lost("Not saved yet: no connection. What you typed stays here, and is sent again.");
  };
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => keeper.addEventListener(name, unreached));
  addEventListener("online", () => { if (timer) { clearTimeout(timer); again(); } });

  document.addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (typed > kept && !leaving) event.preventDefault(); });
})();
