"use strict";
(() => {
  const all = (where, what) => [...where.querySelectorAll(what)];
  const documents = all(document, ".doc");
  const nav = document.getElementById("contents");
  if (documents.length > 1) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = documents.length + " documents";
    const list = document.createElement("ol");
    for (const doc of documents) {
      const link = document.createElement("a");
      link.href = "#" + doc.id;
      link.textContent = doc.querySelector("h2").textContent;
      const item = document.createElement("li");
      item.append(link, " " + doc.querySelector(".counts").textContent.split(",")[0]);
      list.append(item);
    }
    details.append(summary, list);
    details.open = documents.length <= 12;
    nav.append(details);
    nav.hidden = false;
  }
  const light = (doc, number) => {
    for (const element of all(document, ".now")) element.classList.remove("now");
    for (const part of all(doc, '.text [data-q="' + number + '"]')) part.classList.add("now");
    const item = document.getElementById(doc.id + "l" + number);
    if (item) item.classList.add("now");
    return item;
  };
  const shown = () => {
    const found = /^#(d\d+)[ql](\d+)$/.exec(location.hash);
    if (found) {
      const doc = document.getElementById(found[1]);
      if (doc) light(doc, found[2]);
    }
  };
  addEventListener("hashchange", shown);
  shown();
  for (const doc of documents) {
    doc.addEventListener("click", (event) => {
      const part = event.target.closest(".text [data-q]");
      if (part && getSelection().isCollapsed) {
        const item = light(doc, part.dataset.q);
        if (item) item.scrollIntoView({ block: "nearest" });
        return;
      }
      const button = event.target.closest("button[data-s]");
      if (!button) return;
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const other of all(doc, "button[data-s]"))
        other.setAttribute("aria-pressed", String(on && other === button));
      doc.classList.toggle("dim", on);
      for (const lit of all(doc, ".lit")) lit.classList.remove("lit");
      for (const item of all(doc, ".said li")) {
        const keep = !on || item.dataset.s === button.dataset.s;
        item.classList.toggle("off", !keep);
        if (on && keep) {
          const number = item.id.slice(item.id.indexOf("l") + 1);
          for (const part of all(doc, '.text [data-q="' + number + '"]')) part.classList.add("lit");
          const anchor = document.getElementById(doc.id + "q" + number);
          if (anchor) anchor.classList.add("lit");
        }
      }
    });
  }
})();
