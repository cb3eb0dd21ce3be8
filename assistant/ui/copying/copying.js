// The HTML comes from our own table writer, which escapes every cell; it goes to the clipboard, never into this page.

const copyOut = async (item, done) => {
  try {
    const kinds = { "text/plain": new Blob([item.text], { type: "text/plain" }) };
    if (item.html) kinds["text/html"] = new Blob([item.html], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(kinds)]);
    done.textContent = item.done;
  } catch {
    done.textContent = "コピーできませんでした。ブラウザーの設定でクリップボードを許可してください。";
  }
};

export default function (component) {
  const { data, parentElement } = component;
  japanese();
  const done = parentElement.querySelector(".os-copy-done");
  done.textContent = "";
  fill(parentElement.querySelector(".os-copy-line"), data.items.map((item, at) =>
    button(at ? "os-secondary" : "os-primary", item.name, () => copyOut(item, done))));
}
