using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Journal;
using AiMe.Journal.Postgres;
using AiMe.Journal.Sqlite;
using AiMe.Lab;
using AiMe.Mind;
using AiMe.Models.Corpora;
using Spectre.Console;
using Store = AiMe.Journal.Store;

namespace AiMe.Console;

/// <summary>Options that several commands share, and what they stand for.</summary>
internal static class Common
{
    /// <summary>Where a PostgreSQL store keeps what is no row. Stands beside <c>--store</c> on every command; the store's own parser reads it.</summary>
    private static readonly Option<string?> s_blobs = new("--blobs")
    {
        Description = $"For a PostgreSQL store, the directory for its blobs/, models/ and corpora/. Default: $AIME_BLOBS, else {StoreAddress.DefaultDirectory}",
        HelpName = "directory",
        CompletionSources = { Completions.Directories },
    };

    public static Option<StoreAddress> StoreOption()
    {
        var store = new Option<StoreAddress>("--store")
        {
            Description = $"A directory with journal.db, blobs/ and models/, or a PostgreSQL database as Host=...;Database=... or postgresql://. Default: $AIME_STORE, else {StoreAddress.DefaultDirectory}",
            HelpName = "directory|database",
            CustomParser = result => Address(result, result.Tokens is [var token] ? token.Value : "", typed: true),
            DefaultValueFactory = result => Address(result, Variable("AIME_STORE") ?? StoreAddress.DefaultDirectory, typed: false)!,
        };
        store.CompletionSources.Add(Completions.Directories);
        return store;
    }

    /// <summary>Puts <c>--blobs</c> behind <c>--store</c> on each command that has that.</summary>
    public static void AddBlobs(Command command)
    {
        if (command.Options.IndexOf(command.Options.FirstOrDefault(o => o.Name == "--store")!) is var at and >= 0)
            command.Options.Insert(at + 1, s_blobs);
        foreach (var below in command.Subcommands)
            AddBlobs(below);
    }

    public static Option<bool> JsonOption(string what) => new("--json") { Description = what };

    public static Option<string[]> SetOption() => new("--set")
    {
        Description = "Override one value of the experiment, such as train.every=12 or variants.aligned.curate=[{dedupe: 0.8}]; may be repeated",
        HelpName = "path=value",
    };

    public static Option<long?> SeedOption() => WholeOption("--seed", "The run's seed: the same as --set seed=N", least: 0);

    /// <summary>An option that takes a whole number; null where it is not given.</summary>
    public static Option<long?> WholeOption(string name, string what, long least, long most = long.MaxValue) => new(name)
    {
        Description = what,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens is [var token] ? token.Value : "";
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            result.AddError($"{name}: found '{text}', expected a whole number {(most < long.MaxValue ? $"from {least} to {most}" : $"of {least} or more")}");
            return null;
        },
    };

    /// <summary>An option that takes one of some names, or several of them where it may be repeated; an unknown one is answered with the nearest.</summary>
    public static Option<string[]> OneOf(string name, string what, IReadOnlyCollection<string> known, bool many = true)
    {
        var option = new Option<string[]>(name)
        {
            Description = what,
            HelpName = string.Join('|', known),
            Arity = many ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                string[] found = [.. result.Tokens.Select(t => t.Value)];
                foreach (var unknown in found.Except(known, StringComparer.Ordinal))
                    result.AddError($"{name}: found '{unknown}', expected one of {string.Join(", ", known)}{Nearest.Hint(unknown, known)}");
                return found;
            },
        };
        option.CompletionSources.Add([.. known]);
        return option;
    }

    /// <summary>Refuses names that do not exist.</summary>
    /// <exception cref="UsageException">The first that does not.</exception>
    public static void RefuseUnknown(string option, IEnumerable<string> found, IReadOnlyCollection<string> known, string what)
    {
        foreach (var unknown in found.Where(f => !known.Contains(f, StringComparer.Ordinal)))
            throw new UsageException($"{option}: there is no {what} '{unknown}'; there is {string.Join(", ", known)}{Nearest.Hint(unknown, known)}");
    }

    public static Argument<string> ExperimentArgument()
    {
        var experiment = new Argument<string>("experiment") { Description = "An experiment file, or the name of a shipped one, such as quickstart" };
        experiment.CompletionSources.Add(Completions.Experiments);
        return experiment;
    }

    public static Argument<string> InstanceArgument()
    {
        var instance = new Argument<string>("instance") { Description = "An instance such as aligned-1, or run/instance where several runs have one of that name" };
        instance.CompletionSources.Add(Completions.Instances);
        return instance;
    }

    public static Argument<string> RunOrInstanceArgument()
    {
        var either = new Argument<string>("run|instance") { Description = "A run (its id or its beginning), an instance such as aligned-1, or run/instance" };
        either.CompletionSources.Add(Completions.Runs);
        either.CompletionSources.Add(Completions.Instances);
        return either;
    }

    /// <summary>The experiment, or every problem on standard error.</summary>
    /// <exception cref="UsageException">It cannot run.</exception>
    /// <param name="experiment">A file, or the name of a shipped experiment.</param>
    /// <param name="advise">Tell also what can run and is surely not what was meant.</param>
    public static Experiment Load(string experiment, string[]? sets, long? seed, bool advise = false)
    {
        var path = Shipped.Resolve(experiment);
        var loaded = ExperimentFile.Load(path, [.. sets ?? [], .. seed is { } s ? [$"seed={s}"] : Array.Empty<string>()]);
        foreach (var problem in advise ? loaded.Problems.AddRange(loaded.Advice) : loaded.Problems)
            System.Console.Error.WriteLine(problem); // unbroken: editors jump to file:line:column
        var errors = loaded.Problems.Count(p => p.Severity == Severity.Error);
        return loaded.Experiment ?? throw new UsageException($"{(loaded.Problems.Select(p => p.At.File).Distinct(StringComparer.Ordinal).ToArray() is [var only] ? only : $"{path} and what it names")} {(errors == 1 ? "has 1 problem" : $"has {errors} problems")}; nothing was written.");
    }

    /// <summary>A store for writing, made where it is missing.</summary>
    /// <exception cref="UsageException">There can be no store there.</exception>
    /// <param name="synchronous">When what is written is on the disk.</param>
    public static async Task<Store> OpenAsync(StoreAddress address, Synchronous synchronous, CancellationToken cancellationToken)
    {
        try
        {
            return await Store.OpenAsync(address, TimeProvider.System, Settings(synchronous), Processes.IsRunning, cancellationToken);
        }
        catch (JournalException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>A store for reading; nothing is made.</summary>
    /// <exception cref="UsageException">There is no store there.</exception>
    public static Store OpenReadOnly(StoreAddress address)
    {
        try
        {
            return Store.OpenReadOnly(address, TimeProvider.System, Processes.IsRunning);
        }
        catch (JournalException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>Every run of a store, as its supervisor tells it.</summary>
    public static async Task<IReadOnlyList<SupervisorState>> RunsAsync(Store store, CancellationToken cancellationToken)
    {
        List<SupervisorState> runs = [];
        foreach (var run in await LifeReader.RunsAsync(store.Journal, cancellationToken))
        {
            if (await LifeReader.ReadRunAsync(store.Journal, run, cancellationToken) is { } state)
                runs.Add(state);
        }

        return runs;
    }

    /// <summary>The run of that name, or of which it is the beginning; without a name the store's only one.</summary>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<SupervisorState> RunAsync(Store store, string? name, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(store, cancellationToken);
        var fit = runs.Where(r => name is null || r.Plan!.Run == name).ToList() is { Count: > 0 } exact ? exact : [.. runs.Where(r => r.Plan!.Run.StartsWith(name!, StringComparison.Ordinal))];
        return fit.Count switch
        {
            1 => fit[0],
            0 when runs.Count == 0 => throw new UsageException($"the store {store.Address.Place} holds no run yet: start one with `{Invocation.Of("run", "<experiment>", "--store", store.Address)}`"),
            0 => throw new UsageException($"the store {store.Address.Place} has no run '{name}'; it has {string.Join(", ", runs.Select(r => r.Plan!.Run))}{Nearest.Hint(name!, [.. runs.Select(r => r.Plan!.Run)])}"),
            _ => throw new UsageException($"which run? The store {store.Address.Place} has {string.Join(", ", fit.Select(r => r.Plan!.Run))}"),
        };
    }

    /// <summary>The runs of those names, beginnings or patterns, in the order given, each once; without a name the store's only one.</summary>
    /// <exception cref="UsageException">A name fits none, or several without being a pattern.</exception>
    public static async Task<IReadOnlyList<SupervisorState>> RunsAsync(Store store, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
            return [await RunAsync(store, null, cancellationToken)];
        List<SupervisorState> found = [];
        foreach (var name in names)
        {
            var fit = Glob.IsPattern(name) ? [.. (await RunsAsync(store, cancellationToken)).Where(r => Glob.Fits(name, r.Plan!.Run))] : Array.Empty<SupervisorState>();
            found.AddRange(fit.Length > 0 ? fit : [await RunAsync(store, name, cancellationToken)]);
        }

        return [.. found.DistinctBy(r => r.Plan!.Run)];
    }

    /// <summary>The instance of that name, <c>run/instance</c> or unique in the store.</summary>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<(SupervisorState Run, string Instance)> InstanceAsync(Store store, string name, CancellationToken cancellationToken)
    {
        var all = (await RunsAsync(store, cancellationToken)).SelectMany(r => r.Lives.Keys.Select(i => (Run: r, Instance: i))).ToList();
        var fit = all.Where(x => x.Instance == name || $"{x.Run.Plan!.Run}/{x.Instance}" == name).ToList();
        if (fit.Count == 0 && name.Split('/') is [{ Length: > 0 } beginning, var instance])
            fit = [.. all.Where(x => x.Instance == instance && x.Run.Plan!.Run.StartsWith(beginning, StringComparison.Ordinal))];
        return fit.Count switch
        {
            1 => fit[0],
            0 => throw new UsageException($"the store {store.Address.Place} has no instance '{name}'{Nearest.Hint(name, [.. all.Select(x => x.Instance).Distinct(StringComparer.Ordinal)])}\n  all of them: {Invocation.Of("list", "--store", store.Address)}"),
            _ => throw new UsageException($"which '{name}'? {string.Join(", ", fit.Select(x => $"{x.Run.Plan!.Run}/{x.Instance}"))}"),
        };
    }

    /// <summary>The run of that name; else the instance; else the run of which it is the beginning.</summary>
    /// <returns>The instance is null where a run was named.</returns>
    /// <exception cref="UsageException">None, or several.</exception>
    public static async Task<(SupervisorState Run, string? Instance)> RunOrInstanceAsync(Store store, string name, CancellationToken cancellationToken)
    {
        var runs = await RunsAsync(store, cancellationToken);
        if (runs.FirstOrDefault(r => r.Plan!.Run == name) is { } exact)
            return (exact, null);
        if (name.Contains('/') || runs.Any(r => r.Lives.ContainsKey(name)))
            return await InstanceAsync(store, name, cancellationToken);
        if (runs.Any(r => r.Plan!.Run.StartsWith(name, StringComparison.Ordinal)))
            return (await RunAsync(store, name, cancellationToken), null);
        string[] known = [.. runs.SelectMany(r => r.Lives.Keys).Distinct(StringComparer.Ordinal), .. runs.Select(r => r.Plan!.Run)];
        throw new UsageException($"the store {store.Address.Place} has no run or instance '{name}'{Nearest.Hint(name, known)}\n  all of them: {Invocation.Of("list", "--store", store.Address)}");
    }

    private static StoreSettings Settings(Synchronous synchronous) => new()
    {
        Sqlite = new SqliteSettings { Views = SqlViews.Sqlite, Synchronous = synchronous },
        Postgres = new PostgresSettings { Views = SqlViews.Postgres, Synchronous = synchronous, Patience = Patience() },
    };

    // Also what stands in a variable goes through here, since an option's default has no parser.
    private static StoreAddress? Address(SymbolResult result, string text, bool typed)
    {
        var blobs = result.GetResult(s_blobs) is { Implicit: false } given ? given.GetValueOrDefault<string?>() : null;
        try
        {
            var address = StoreAddress.Parse(text, blobs ?? Variable("AIME_BLOBS"));
            if (typed && address is PostgresAddress { HasPassword: true })
                result.AddError("--store: a password stands in it, where other users of this machine and the shell's history see it: leave it out, and set PGPASSWORD, name a file of passwords in PGPASSFILE, or put the whole address into AIME_STORE");
            else if (blobs is not null && address is DirectoryAddress)
                result.AddError("--blobs: the store is a directory, which keeps its blobs and models itself: leave --blobs out, or name a PostgreSQL database in --store");
            return address;
        }
        catch (StoreAddressException e)
        {
            result.AddError($"{(typed ? "--store" : "AIME_STORE")}: {e.Message}{(e.Unknown is { } unknown ? Nearest.Hint(unknown, e.Known) : "")}");
            return null;
        }
    }

    /// <exception cref="UsageException">AIME_STORE_PATIENCE is no number of seconds.</exception>
    private static TimeSpan Patience()
    {
        if (Variable("AIME_STORE_PATIENCE") is not { } text)
            return PostgresSettings.Default.Patience;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"AIME_STORE_PATIENCE: found '{text}', expected the seconds for which a lost server is waited for, from 0 to 86400");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
