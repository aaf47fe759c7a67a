namespace CrmBehavior.Sandbox.Pages;

/// <summary>The style sheet of the pages and the shop.</summary>
internal static class Style
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --back: #ffffff; --tint: #f3f6fa; --accent: #0b57d0; --good: #1a7f37; --warn: #9a6700; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa7b4; --line: #3a444f; --back: #11161c; --tint: #1a2129; --accent: #79b0ff; --good: #57c977; --warn: #e3b341; } }
        * { box-sizing: border-box; }
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); }
        header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--tint); }
        nav { display: flex; flex-wrap: wrap; gap: 1rem; }
        a { color: var(--accent); }
        nav a { text-decoration: none; }
        nav a[aria-current] { font-weight: 600; text-decoration: underline; }
        a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .skip { position: absolute; left: -10000px; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--back); padding: .25rem .5rem; }
        main { max-width: 70rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
        h1 { font-size: 1.6rem; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        th { color: var(--soft); font-weight: 600; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        .soft { color: var(--soft); }
        .tag { display: inline-block; padding: 0 .6rem; margin: 0 .25rem .25rem 0; border-radius: 1rem; border: 1px solid var(--line); background: var(--tint); font-size: .9rem; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
        .card { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; background: var(--tint); }
        .card h2 { margin-top: 0; }
        .card p, .card dd { overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        ol.timeline { list-style: none; padding: 0; border-left: 3px solid var(--line); }
        ol.timeline li { padding: .25rem 0 1rem 1rem; }
        ol.timeline p { margin: .25rem 0; white-space: pre-line; overflow-wrap: anywhere; }
        .kind { font-size: .85rem; font-weight: 600; color: var(--good); }
        .kind.task { color: var(--warn); }
        form.search { display: flex; gap: .5rem; flex-wrap: wrap; margin-bottom: 1rem; }
        input, select, button { font: inherit; padding: .35rem .7rem; border: 1px solid var(--line); border-radius: .35rem; background: var(--back); color: inherit; }
        button { background: var(--accent); color: var(--back); border-color: var(--accent); cursor: pointer; }
        button.plain { background: none; color: var(--accent); }
        form.inline { display: inline-block; margin: 0 .25rem .25rem 0; }
        form.stack { display: grid; gap: .75rem; max-width: 26rem; }
        form.stack label { display: grid; gap: .2rem; }
        iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .5rem; background: #ffffff; }
        pre { overflow-x: auto; padding: .75rem; background: var(--tint); border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .price { font-size: 1.3rem; font-weight: 600; }
        """;
}
