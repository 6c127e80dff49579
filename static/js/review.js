// Looking at pictures: pins, the version slider, keys on or off, swipes. Without it every act has its button and form.
(() => {
  const d = document;
  d.querySelectorAll("[data-with-script]").forEach((part) => { part.hidden = false; });

  // keys: off for every page of this browser (WCAG 2.1.4); app.js reads it
  const keys = d.querySelector("[data-keys-switch]");
  if (keys) {
    keys.checked = d.documentElement.dataset.keys !== "off";
    keys.addEventListener("change", () => {
      if (keys.checked) delete d.documentElement.dataset.keys; else d.documentElement.dataset.keys = "off";
      try { localStorage.setItem("keys", keys.checked ? "on" : "off"); } catch { /* kept for this page only */ }
    });
  }

  // two versions of one look: beside each other, or one slid over the other
  const compare = d.querySelector("[data-compare]");
  if (compare) {
    const slide = d.querySelector("[data-slide]");
    const toggle = d.querySelector("[data-slide-switch]");
    const show = () => {
      compare.classList.toggle("sliding", toggle.checked);
      slide.disabled = !toggle.checked;
      compare.style.setProperty("--at", `${slide.value}%`);
    };
    toggle.addEventListener("change", show);
    slide.addEventListener("input", show);
    show();
  }

  // a press on the picture chooses the place of the remark, while its form is open
  const marks = d.querySelector("[data-marks]");
  const form = d.querySelector("[data-pinning]");
  const pinning = () => Boolean(form && form.open);
  if (marks && form) {
    const stage = marks.parentElement;
    const ghost = marks.querySelector("[data-ghost]");
    const [x, y] = [form.querySelector("[name=x]"), form.querySelector("[name=y]")];
    const { width, height } = marks.viewBox.baseVal;
    const draw = () => {
      ghost.setAttribute("cx", Number(x.value) * width / 1000);
      ghost.setAttribute("cy", Number(y.value) * height / 1000);
      ghost.setAttribute("visibility", pinning() ? "visible" : "hidden");
      stage.classList.toggle("pinning", pinning());
    };
    stage.addEventListener("click", (event) => {
      if (!pinning() || event.target.closest("a,button")) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(marks.getScreenCTM().inverse());
      if (at.x < 0 || at.y < 0 || at.x > width || at.y > height) return;
      x.value = Math.round(at.x * 1000 / width);
      y.value = Math.round(at.y * 1000 / height);
      draw();
      form.querySelector("[name=text]").focus({ preventScroll: true });
    });
    [x, y].forEach((field) => field.addEventListener("input", draw));
    form.addEventListener("toggle", draw);
    draw();
  }

  // swipe on a touch screen: right passes, left rejects; nothing is sent before the seconds to undo are over
  const stage = d.querySelector("[data-swipe]");
  const undo = d.querySelector("[data-undo]");
  if (!stage || !undo) return;
  const UNDO = 5000;
  const FAR = 0.3; // of the picture's width
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let from = null;
  let waiting = 0;
  const move = (dx) => { if (!still.matches) stage.style.setProperty("--dx", `${dx}px`); };
  const back = () => { from = null; move(0); stage.classList.remove("dragged"); };
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || !event.isPrimary || pinning() || waiting || event.target.closest("a,button")) return;
    from = { x: event.clientX, y: event.clientY };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from || !event.isPrimary) return;
    const dx = event.clientX - from.x;
    if (Math.abs(event.clientY - from.y) > Math.max(40, Math.abs(dx))) { back(); return; }
    stage.classList.add("dragged");
    move(dx);
  });
  stage.addEventListener("pointercancel", back);
  stage.addEventListener("pointerup", (event) => {
    if (!from) return;
    const dx = event.clientX - from.x;
    back();
    if (Math.abs(dx) >= stage.clientWidth * FAR) offer(dx > 0 ? "right" : "left");
  });
  const offer = (side) => {
    undo.querySelector("[data-undo-words]").textContent = side === "right" ? "Passed in a moment" : "Rejected in a moment";
    undo.hidden = false;
    undo.querySelector("button").focus({ preventScroll: true });
    waiting = setTimeout(() => { d.querySelector(`[data-swiped="${side}"]`).requestSubmit(); }, UNDO);
  };
  const stop = () => { clearTimeout(waiting); waiting = 0; undo.hidden = true; };
  undo.querySelector("[data-undo-press]").addEventListener("click", stop);
  d.addEventListener("keydown", (event) => { if (event.key === "Escape" && waiting) stop(); });
  addEventListener("pagehide", stop); // whoever leaves has not decided
})();
