using System.CommandLine;
using System.Net;
using AiMe.Console.Terminal;
using AiMe.Journal;
using AiMe.Web.View;

namespace AiMe.Console.Commands;

/// <summary><c>aime view</c>: serves the runs of a store to a browser.</summary>
internal static class ViewCommand
{
    public static Command Create()
    {
        var store = SharedOptions.StoreOption();
        var address = new Option<IPAddress>("--bind")
        {
            Description = "Address to bind. With another than loopback every page demands the token. Default: 127.0.0.1",
            HelpName = "address",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (IPAddress.TryParse(text, out var parsed))
                    return parsed;
                result.AddError($"--bind: found '{text}', expected an IP address of this machine, such as 127.0.0.1 or 0.0.0.0");
                return null;
            },
            DefaultValueFactory = _ => IPAddress.Loopback,
        };
        var port = SharedOptions.WholeOption(
            "--port",
            $"TCP port; 0 for any free one. Default: {ViewOptions.UsualPort}, or any free one if that is taken",
            least: 0,
            most: 65_535
        );
        var names = new Option<string[]>("--allow-host")
        {
            Description =
                "Another host name under which browsers ask, such as a proxy's (with its port, unless 80 or 443); may be repeated",
            HelpName = "host",
        };
        var runs = ReportCommand.RunsArgument();
        runs.Description = "With --bundle: the runs to write, as `aime compare` takes them. Default: all of the store";
        var bundle = new Option<string?>("--bundle")
        {
            Description = "Serve nothing: write the runs as a folder of static pages that any file server can show",
            HelpName = "folder",
        };
        var force = new Option<bool>("--force") { Description = "With --bundle: replace the folder if it exists" };
        var readOnly = new Option<bool>("--read-only") { Description = "Allow no change, also with the token" };
        var synchronous = SynchronousOption.Create();
        var parallel = ParallelOption.Create("Threads for model work if this process hosts instances. Default: the number of cores");
        var command = new Command(
            "view",
            "Show the runs of a store in a browser: progress, records, reports; with the token also pause, resume, inject, review and rate"
        )
        {
            runs,
            store,
            bundle,
            force,
            address,
            port,
            names,
            readOnly,
            synchronous,
            parallel,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var place = parsed.GetRequiredValue(store);
                var named = parsed.GetValue(runs) ?? [];
                ReportCommand.RefuseMisspelt(command, named);
                if (parsed.GetValue(bundle) is { } folder)
                    return await ViewBundle.WriteAsync(place, named, folder, parsed.GetValue(force), cancellationToken);
                if (named.Length > 0 || parsed.GetValue(force))
                    throw new UsageException("runs and --force apply only to --bundle: the pages show every run of the store");
                using var interruption = new Interruption("Stopping; runs that this server hosts stop at a boundary.");
                await using var opened = Stores.OpenReadOnly(place);
                Func<CancellationToken, Task<EventStore>>? writing = parsed.GetValue(readOnly)
                    ? null
                    : token => Stores.OpenAsync(place, parsed.GetValue(synchronous), interruption.Now, token);
                var options = new ViewOptions(
                    parsed.GetRequiredValue(address),
                    (int)(parsed.GetValue(port) ?? ViewOptions.UsualPort),
                    parsed.Threads(parallel),
                    [.. parsed.GetValue(names) ?? []]
                );
                await using var server = await StartAsync(opened, writing, options, isPortGiven: parsed.GetValue(port) is not null);
                TerminalWriter.Line($"{place.Place} in a browser: {server.Address}");
                TerminalWriter.Line(
                    options.IsExposed ? "Other machines can reach it, unencrypted. Every page demands the token."
                    : parsed.GetValue(readOnly) ? "Nothing can be changed (--read-only)."
                    : "To change something, choose Unlock there and type in the token."
                );
                if (options.IsExposed || !parsed.GetValue(readOnly))
                    TerminalWriter.Line($"Token of this start: {server.Token.Text}");
                TerminalWriter.Line("Ctrl-C stops the server.");
                await server.WaitAsync(interruption.Gently);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task<ViewServer> StartAsync(
        EventStore store,
        Func<CancellationToken, Task<EventStore>>? writing,
        ViewOptions options,
        bool isPortGiven
    )
    {
        try
        {
            return await ViewServer.StartAsync(store, writing, options, TimeProvider.System, CancellationToken.None);
        }
        catch (IOException) when (!isPortGiven)
        {
            return await StartAsync(store, writing, options with { Port = 0 }, isPortGiven: true);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new UsageException(
                $"cannot listen on {options.Address} port {options.Port} ({e.Message}): choose another --port, or --port 0 for any free one"
            );
        }
    }
}
