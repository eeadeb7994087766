// Without this the page works too.
// Nothing is shown before its fonts are there, so that no text moves.
document.documentElement.style.visibility = "hidden";
Promise.allSettled([...document.fonts].map((face) => face.load())).then(() => {
  document.documentElement.style.visibility = "";
});
// Outside https and files a browser gives no clipboard, and a button for it would do nothing.
document.documentElement.classList.toggle("copies", "clipboard" in navigator);
addEventListener("click", async ({ target }) => {
  if (!target.matches(".quote button")) return;
  const figure = target.closest("figure");
  const link = figure.querySelector(".quote a");
  const title = figure.querySelector("h3").lastChild.textContent.trim();
  await navigator.clipboard.writeText([link.textContent, title, link.href].join("\n"));
  target.textContent = target.dataset.done;
});
// The contents follow the reader, and the other languages open where the reader is.
addEventListener("DOMContentLoaded", () => {
  const contents = document.querySelector(".contents");
  const links = new Map([...contents.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const places = [...document.querySelectorAll("main section, main figure")].filter((place) => links.has(place.id));
  const inSight = new Set();
  let marked;
  const mark = (place) => {
    const link = links.get(place.id);
    if (link === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    marked = link;
    if (!contents.contains(document.activeElement) && contents.scrollHeight > contents.clientHeight)
      contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
    for (const language of document.querySelectorAll(".languages a")) language.hash = place.id;
  };
  const watch = new IntersectionObserver((changes) => {
    for (const { isIntersecting, target } of changes) inSight[isIntersecting ? "add" : "delete"](target);
    const last = places.filter((place) => inSight.has(place)).pop();
    if (last) mark(last);
  }, { rootMargin: "-15% 0px -80% 0px" });
  places.forEach((place) => watch.observe(place));
});
