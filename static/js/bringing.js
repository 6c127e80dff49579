// Photographs go straight to the storage, one after the other, and again by themselves when the connection is lost.
(() => {
  const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds
  const wait = (time) => new Promise((done) => {
    const timer = setTimeout(done, time);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });
  class Lost extends Error {} // nobody answered, or not in their right mind: worth another try

  const post = (url, body, progress) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    if (url.startsWith("/")) request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    if (progress) request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    request.addEventListener("load", () => {
      if (request.status >= 500 || request.status === 429) failed(new Lost());
      else if (request.status < 300) done(request.responseText);
      else {
        let words = "That did not work. Please try again.";
        try { words = JSON.parse(request.responseText).error; } catch { /* the storage speaks no JSON */ }
        failed(new Error(words));
      }
    });
    for (const lost of ["error", "abort", "timeout"]) request.addEventListener(lost, () => failed(new Lost()));
    request.timeout = 120000;
    request.send(body);
  });

  const data = (fields) => {
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) => body.append(name, value));
    return body;
  };

  const bring = async (form, file, say, progress) => {
    const csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
    const steadily = async (act) => {
      for (const pause of PAUSES) {
        try { return await act(); } catch (error) {
          if (!(error instanceof Lost)) throw error;
          say("No connection. It goes on by itself.");
          await wait(pause);
        }
      }
      throw new Error("No connection. Send it again when you have one.");
    };
    const slot = JSON.parse(await steadily(() => post(form.dataset.brings, data({ csrfmiddlewaretoken, size: file.size }))));
    await steadily(() => post(slot.url, data({ ...slot.fields, file }), progress));
    await steadily(() => post(form.dataset.arrived, data({ csrfmiddlewaretoken, ticket: slot.ticket })));
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.brings) return;
    event.preventDefault();
    event.stopPropagation();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy") === "true") return;
    const bar = form.querySelector("progress");
    const said = form.querySelector("[data-said]");
    const say = (words) => { said.textContent = words; };
    const files = [...form.elements.photographs.files];
    const faults = [];
    button.setAttribute("aria-busy", "true");
    bar.hidden = false;
    for (const [number, file] of files.entries()) {
      say(files.length > 1 ? `${number + 1} of ${files.length}` : "");
      try {
        await bring(form, file, say, (part) => { bar.value = (100 * (number + part)) / files.length; });
      } catch (error) { faults.push(`${file.name}: ${error.message}`); }
    }
    button.removeAttribute("aria-busy");
    bar.hidden = true;
    const { id } = said.closest("form").querySelector("input[type=file]");
    await htmx.ajax("GET", form.dataset.list, { target: "#shots", swap: "outerHTML" });
    if (faults.length) document.getElementById(id).closest("form").querySelector("[data-said]").textContent = faults.join(" ");
  }, true);
})();
