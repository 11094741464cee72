using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace AiMe.Console.Tests.View;

/// <summary>The machine's own Chromium, with one page.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _said = [];

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _said.Add(message.Text);
        };
        page.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) => Messages.Enqueue(frame.Text ?? Encoding.UTF8.GetString(frame.Binary ?? []));
        page.PageError += (_, error) => _said.Add(error);
    }

    /// <summary>Its path; null if the machine has none.</summary>
    public static string? Path { get; } =
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public IPage Page { get; }

    /// <summary>What the server sent over the page's socket.</summary>
    public ConcurrentQueue<string> Messages { get; } = [];

    /// <summary>Opens a page; skips the test if the machine has no browser.</summary>
    public static async Task<Browser> OpenAsync(Uri server, int width = 1200)
    {
        Skip.If(Path is null, "found no Chromium, expected /usr/bin/chromium (the Debian package chromium)");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Path, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] }
        );
        var page = await browser.NewPageAsync(
            new()
            {
                BaseURL = server.ToString(),
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        page.SetDefaultTimeout(60_000);
        return new Browser(playwright, browser, page);
    }

    /// <summary>Goes to a page, and does not wait until it is connected.</summary>
    public Task BeginToGoAsync(string path) => Page.GotoAsync(path);

    /// <summary>Goes to a page and waits until it is connected.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await IsConnectedAsync();
    }

    /// <summary>Types in the token.</summary>
    public async Task UnlockAsync(string token, string back)
    {
        await GoAsync($"/unlock?back={Uri.EscapeDataString(back)}");
        await Page.GetByLabel("Token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Unlock" }).ClickAsync();
        await IsAtAsync($"{Regex.Escape(back)}$");
        await IsConnectedAsync();
    }

    /// <summary>Waits until the address matches a pattern. (<c>WaitForURLAsync</c> misses one that changes as it begins to wait.)</summary>
    public Task IsAtAsync(string pattern) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(pattern), new() { Timeout = 60_000 });

    /// <summary>Waits until the page takes what is typed and clicked: before, its controls are disabled.</summary>
    /// <remarks>(<c>ToBeEnabledAsync</c> takes a disabled fieldset for enabled.)</remarks>
    public Task IsConnectedAsync() =>
        Assertions.Expect(Page.Locator("fieldset.page:not([disabled])")).ToBeAttachedAsync(new() { Timeout = 60_000 });

    /// <summary>Waits until the page says something: at most a minute, or as long as <paramref name="within"/> says.</summary>
    public Task SaysAsync(string text, TimeSpan? within = null)
    {
        var timeout = (float)(within ?? TimeSpan.FromMinutes(1)).TotalMilliseconds;
        return Assertions.Expect(Page.Locator("main")).ToContainTextAsync(text, new() { Timeout = timeout });
    }

    /// <summary>Waits until a run of any size has ended: on a busy machine a large one takes minutes.</summary>
    public Task SaysThatTheRunEndedAsync() => SaysAsync("All instances are finished or parked", TimeSpan.FromMinutes(10));

    /// <summary>Fails if axe finds something, or the browser complained.</summary>
    public async Task IsSoundAsync()
    {
        var found = await Page.RunAxe(new AxeRunOptions { Iframes = false }); // in the frame of a report no script runs
        found
            .Violations.Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{v.Id}: {v.Help} ({string.Join(" ", v.Nodes.Take(2).Select(n => n.Html))})")
            .ShouldBeEmpty();
        _said.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
