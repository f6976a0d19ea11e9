"use strict";
(() => {
  const all = (where, what) => [...where.querySelectorAll(what)];
  const cases = document.getElementById("cases");
  if (!cases) return;
  const documents = all(cases, ".case");
  const buttons = all(document, "button[data-v]");
  const kind = document.getElementById("kind");
  const find = document.getElementById("find");
  const order = document.getElementById("order");
  const found = document.getElementById("found");
  const filter = () => {
    const shown = new Set(buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.v));
    const words = find.value.trim().toLowerCase();
    let count = 0;
    for (const doc of documents) {
      const named = words && doc.querySelector(".name").textContent.toLowerCase().includes(words);
      const keep = new Set();
      for (const item of all(doc, ".o")) {
        const visible =
          shown.has(item.classList[1]) &&
          (!kind.value || item.dataset.k === kind.value) &&
          (!words || named || item.textContent.toLowerCase().includes(words));
        item.classList.toggle("off", !visible);
        if (visible) keep.add(item.id.slice(1));
      }
      for (const mark of all(doc, "mark[data-o]")) mark.classList.toggle("faint", !keep.has(mark.dataset.o));
      doc.classList.toggle("off", keep.size === 0);
      count += keep.size;
    }
    found.textContent = count + " shown";
  };
  for (const button of buttons)
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  kind.addEventListener("change", filter);
  let waiting = 0;
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  order.addEventListener("change", () => {
    const by = (doc) => (order.value === "wrong" ? -Number(doc.dataset.wrong) : Number(doc.dataset.at));
    cases.append(...[...documents].sort((a, b) => by(a) - by(b) || a.dataset.at - b.dataset.at));
  });
  const light = (number) => {
    for (const element of all(document, ".now")) element.classList.remove("now");
    const item = document.getElementById("o" + number);
    if (!item) return;
    item.closest("details").open = true;
    item.classList.add("now");
    for (const mark of all(cases, 'mark[data-o="' + number + '"]')) mark.classList.add("now");
    return item;
  };
  cases.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-o]");
    const item = event.target.closest(".o");
    if (mark && getSelection().isCollapsed) {
      const entry = light(mark.dataset.o);
      if (entry) entry.scrollIntoView({ block: "nearest" });
    } else if (item && getSelection().isCollapsed) {
      light(item.id.slice(1));
      const first = cases.querySelector('mark[data-o="' + item.id.slice(1) + '"]');
      if (first) first.scrollIntoView({ block: "nearest" });
    }
  });
  const shown = () => {
    const target = /^#o(\d+)$/.exec(location.hash);
    if (target) light(target[1]);
  };
  addEventListener("hashchange", shown);
  shown();
  filter();
})();
