// Small comforts, no framework. Every page works without this file, dialogs opened by a button excepted.
(() => {
  const d = document;
  const say = (text) => { const live = d.getElementById("live"); if (live) live.textContent = text; };

  // command="show-modal" commandfor="id" for browsers that do not know invoker commands yet
  if (!("command" in HTMLButtonElement.prototype)) {
    d.addEventListener("click", (event) => {
      const button = event.target.closest("button[commandfor]");
      if (!button) return;
      const dialog = d.getElementById(button.getAttribute("commandfor"));
      if (button.getAttribute("command") === "show-modal") dialog.showModal(); else dialog.close();
    });
  }
  // a dialog that the server wants open (its form came back with errors)
  d.querySelectorAll("dialog[data-open]").forEach((dialog) => dialog.showModal());
  // the server says HX-Trigger {"toast": "…"}
  d.addEventListener("toast", (event) => {
    say(event.detail.value || event.detail);
    setTimeout(() => say(""), 5000);
  });
  // a press answers at once: its button is busy until the answer or the next page is there, and works once
  const LONGEST = 10000; // milliseconds; an answer that is a file, or that got lost, never leaves the page
  const busy = (button, on) => {
    if (!button) return;
    if (on) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
  };
  const rested = () => {
    delete d.documentElement.dataset.leaving;
    d.querySelectorAll("[aria-busy=true]").forEach((button) => busy(button, false));
  };
  d.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") === "dialog") return; // htmx sends it by itself
    const button = event.submitter || form.querySelector("button:not([type=button])");
    if (button?.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    busy(button, true);
    setTimeout(() => busy(button, false), "stays" in form.dataset ? 1500 : LONGEST);
  });
  const pressed = (detail) => detail.requestConfig?.triggeringEvent?.submitter || (detail.elt.matches("button") ? detail.elt : null);
  d.addEventListener("htmx:beforeSend", (event) => busy(pressed(event.detail), true));
  d.addEventListener("htmx:afterRequest", (event) => busy(pressed(event.detail), false));
  d.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    d.documentElement.dataset.leaving = "";
    setTimeout(() => { delete d.documentElement.dataset.leaving; }, LONGEST);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) rested(); });
  // close the dialog around a form once the server accepted it
  d.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("[data-close-dialog]");
    if (form && event.detail.successful) form.closest("dialog")?.close();
  });
  // after a swap, move the focus to the new region if it asks for it
  d.addEventListener("htmx:afterSwap", () => d.querySelector("[autofocus][tabindex='-1']")?.focus());
  d.addEventListener("htmx:responseError", () => say("That did not work. Please try again."));
  d.addEventListener("htmx:sendError", () => say("No connection. Please try again."));

  // a reel of pictures counts along
  d.querySelectorAll("[data-reel]").forEach((reel) => {
    const out = d.getElementById(reel.dataset.reel);
    reel.addEventListener("scroll", () => { out.textContent = Math.round(reel.scrollLeft / reel.clientWidth) + 1; }, { passive: true });
  });
  // data-zoom="dialog id": show this picture full size
  d.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-zoom]");
    if (!opener) return;
    const dialog = d.getElementById(opener.dataset.zoom);
    const reel = d.querySelector("[data-reel]");
    const shown = opener.querySelector("img") || (reel && reel.querySelectorAll("img:not(.wash)")[Math.round(reel.scrollLeft / reel.clientWidth)]);
    if (!shown) return;
    const big = dialog.querySelector("img");
    big.src = shown.dataset.full || shown.currentSrc || shown.src;
    big.alt = shown.alt;
    dialog.showModal();
  });
  // data-submit-on-change on a form: for selects that filter
  d.addEventListener("change", (event) => event.target.closest("[data-submit-on-change]")?.requestSubmit());
  // data-check-all="name": one tick for all
  d.addEventListener("change", (event) => {
    const name = event.target.dataset?.checkAll;
    if (name) d.querySelectorAll(`input[name="${CSS.escape(name)}"]`).forEach((box) => { box.checked = event.target.checked; });
  });
  // data-drop: files dropped on the zone go into its file field
  d.querySelectorAll("[data-drop]").forEach((zone) => {
    const field = zone.querySelector("input[type=file]");
    const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("over", on); };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
  try { if (localStorage.getItem("keys") === "off") d.documentElement.dataset.keys = "off"; } catch { /* a browser that keeps nothing: keys stay on */ }
  // one-key shortcuts (data-key): never while typing, and a person can turn them off (WCAG 2.1.4)
  d.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || d.documentElement.dataset.keys === "off") return;
    if (event.target.closest("input,textarea,select,[contenteditable],dialog")) return;
    const target = d.querySelector(`[data-key~="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus(); else target.click();
  });
})();
