using System.CommandLine;
using System.Globalization;
using System.Net;
using AiMe.Console.Terminal;
using AiMe.Lab.Experiments;
using AiMe.Models;
using AiMe.Serve;

namespace AiMe.Console.Commands.Serving;

/// <summary><c>aime serve</c>: OpenAI's API over the embedded model.</summary>
internal static class ServeCommand
{
    private const int UsualRank = 8;

    public static Command Create()
    {
        var experiment = SharedOptions.ExperimentArgument();
        experiment.Arity = ArgumentArity.ZeroOrOne;
        experiment.Description += $". Its base model is trained if the store does not have it. Default: {BundledFiles.Quickstart}";
        var store = SharedOptions.StoreOption();
        var preset = SharedOptions.OneOf("--model", "Model size, instead of the experiment's", ["tiny", "small", "base"], many: false);
        var address = AddressOption();
        var port = SharedOptions.WholeOption(
            "--port",
            $"TCP port; 0 for any free one. Default: {ServeOptions.UsualPort}",
            least: 0,
            most: 65_535
        );
        var names = new Option<string[]>("--allow-host")
        {
            Description =
                "Another Host header under which clients ask, such as a proxy's (with its port, unless 80 or 443); may be repeated",
            HelpName = "host",
        };
        var key = new Option<string?>("--api-key-env")
        {
            Description = "The environment variable that has the key which every request must send. Default: no key, and loopback alone",
            HelpName = "variable",
        };
        var adapters = new Option<string?>("--adapters")
        {
            Description = "The only folder that adapters are loaded from, by name. Default: no adapter can be loaded",
            HelpName = "folder",
            CompletionSources = { Completions.Directories },
        };
        var rate = RateOption();
        var rank = SharedOptions.WholeOption(
            "--adapter-rank",
            $"Jobs train an adapter of this rank, its alpha twice as large. Default: all weights; {UsualRank} for a folder's checkpoint",
            least: 1,
            most: 1024
        );
        var parallel = ParallelOption.Create("Requests that compute at once. Default: the number of cores");
        var waiting = SharedOptions.WholeOption(
            "--waiting",
            "Requests that wait for their turn; further ones are answered with 429. Default: 64",
            least: 0,
            most: 100_000
        );
        var command = new Command(
            "serve",
            "Serve the embedded model under OpenAI's API: chat, completions, embeddings, files, and fine-tuning jobs that train it"
        )
        {
            experiment,
            store,
            preset,
            address,
            port,
            names,
            key,
            adapters,
            rate,
            rank,
            parallel,
            waiting,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var named = parsed.GetValue(experiment) ?? BundledFiles.Quickstart;
                var loaded = SharedOptions.Load(named, parsed.GetValue(preset) is [var p] ? [$"model.preset={p}"] : null, seed: null);
                var main =
                    loaded.Model as NanoModel
                    ?? throw new UsageException(
                        $"{named} has no embedded model, expected an experiment with provider nano: only it is served"
                    );
                var place = parsed.GetRequiredValue(store);
                var adapter = AdapterOf(parsed.GetValue(rank), main);
                var options = new ServeOptions(
                    parsed.GetRequiredValue(address),
                    (int)(parsed.GetValue(port) ?? ServeOptions.UsualPort),
                    ServedStore.DirectoryOf(place)
                )
                {
                    HostNames = [.. parsed.GetValue(names) ?? []],
                    Key = KeyIn(parsed.GetValue(key)),
                    Parallel = parsed.Threads(parallel),
                    Waiting = (int)(parsed.GetValue(waiting) ?? 64),
                    Adapters = FolderOf(parsed.GetValue(adapters)),
                    Adapter = adapter,
                    LearningRate = parsed.GetValue(rate) ?? (adapter is null ? ServeOptions.UsualRate : ServeOptions.UsualAdapterRate),
                };
                if (options is { IsExposed: true, Key: null })
                    throw new UsageException(
                        $"--bind {options.Address}: other machines can reach it, so a key is needed: put one into an environment variable, "
                            + "and name that with --api-key-env"
                    );
                using var interruption = new Interruption("Stopping; a training in progress is continued by the next start.");
                await using var served = await ServedStore.OpenAsync(place, loaded, main, options.Parallel, interruption.Gently);
                await using var server = await StartAsync(served, options);
                TerminalWriter.Line($"OpenAI's API with the model {served.First}: {server.Address}");
                TerminalWriter.Line(
                    options.IsExposed ? "Other machines can reach it, unencrypted. Every request needs the key."
                    : options.Key is null ? "Only this machine can reach it. No key is needed."
                    : "Only this machine can reach it. Every request needs the key."
                );
                TerminalWriter.Line("Ctrl-C stops the server.");
                await server.WaitAsync(interruption.Gently);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Option<IPAddress> AddressOption() =>
        new("--bind")
        {
            Description = "Address to bind. Another than loopback needs --api-key-env. Default: 127.0.0.1",
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

    private static Option<double?> RateOption() =>
        new("--learning-rate")
        {
            Description =
                "Learning rate of jobs, which their learning_rate_multiplier multiplies. Default: as in experiments, "
                + $"{ServeOptions.UsualRate}, and {ServeOptions.UsualAdapterRate} for an adapter",
            HelpName = "rate",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is >= 0.000001 and <= 1)
                    return rate;
                result.AddError($"--learning-rate: found '{text}', expected a number from 0.000001 to 1");
                return null;
            },
        };

    // All weights of a folder's checkpoint would be a file of its size for each job.
    private static AdapterSize? AdapterOf(long? rank, NanoModel model) =>
        rank is { } r ? new((int)r, 2 * r)
        : model.Checkpoint is not null ? new(UsualRank, 2 * UsualRank)
        : null;

    private static string? KeyIn(string? variable) =>
        variable is null ? null
        : SharedOptions.Variable(variable)?.Trim() is { Length: > 0 } key ? key
        : throw new UsageException($"--api-key-env: the environment variable {variable} is not set or empty, expected the key in it");

    private static string? FolderOf(string? folder) =>
        folder is null || Directory.Exists(folder) ? folder : throw new UsageException($"--adapters: there is no folder {folder}");

    private static async Task<ServeServer> StartAsync(ServedStore served, ServeOptions options)
    {
        try
        {
            return await ServeServer.StartAsync(
                served.Catalog,
                served.Checkpoints,
                served.Embedders,
                options,
                TimeProvider.System,
                CancellationToken.None
            );
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw Taken(options, e);
        }
        catch (IOException e)
            when (e.InnerException is System.Net.Sockets.SocketException || e.Message.Contains("already in use", StringComparison.Ordinal))
        {
            throw Taken(options, e);
        }
    }

    private static UsageException Taken(ServeOptions options, Exception e) =>
        new($"cannot listen on {options.Address} port {options.Port} ({e.Message}): choose another --port, or --port 0 for any free one");
}
