// The tour's bar: remembers that it was folded, and tells the page how high it stands. Everything works without this.
(() => {
  const KEY = "tour-folded";
  const root = document.documentElement;
  const measure = () => {
    const bar = document.getElementById("tour");
    const decide = document.querySelector(".decide");
    root.style.setProperty("--tour-h", `${bar ? bar.offsetHeight : 0}px`);
    root.style.setProperty("--decide-h", `${decide ? decide.offsetHeight : 0}px`);
  };
  const sizes = new ResizeObserver(measure);
  const settle = () => {
    const details = document.querySelector("[data-tour]");
    if (details) details.open = sessionStorage.getItem(KEY) !== "1";
    sizes.disconnect();
    document.querySelectorAll("#tour, .decide").forEach((part) => sizes.observe(part));
    measure();
  };
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("[data-tour]")) return;
    sessionStorage.setItem(KEY, event.target.open ? "0" : "1");
    measure();
  }, true);
  document.addEventListener("htmx:afterSettle", settle);
  settle();
})();
