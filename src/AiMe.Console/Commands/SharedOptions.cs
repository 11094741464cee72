using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Corpora;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    /// <summary>
    /// Directory of a PostgreSQL store for files. Present next to <c>--store</c> on every command; the parser of
    /// <c>--store</c> reads it.
    /// </summary>
    private static readonly Option<string?> s_blobs = new("--blobs")
    {
        Description =
            "For a PostgreSQL store, the directory for its blobs/, models/ and corpora/. Default: $AIME_BLOBS, else "
            + $"{StoreAddress.DefaultDirectory}",
        HelpName = "directory",
        CompletionSources = { Completions.Directories },
    };

    public static Option<StoreAddress> StoreOption()
    {
        var store = new Option<StoreAddress>("--store")
        {
            Description =
                "A directory with journal.db, blobs/ and models/, or a PostgreSQL database as Host=...;Database=... or "
                + $"postgresql://. Default: $AIME_STORE, else {StoreAddress.DefaultDirectory}",
            HelpName = "directory|database",
            CustomParser = result => Address(result, result.Tokens is [var token] ? token.Value : "", typed: true),
            DefaultValueFactory = result => Address(result, Variable("AIME_STORE") ?? StoreAddress.DefaultDirectory, typed: false)!,
        };
        store.CompletionSources.Add(Completions.Directories);
        return store;
    }

    /// <summary>Adds <c>--blobs</c> after <c>--store</c> to each command that has it.</summary>
    public static void AddBlobs(Command command)
    {
        if (command.Options.IndexOf(command.Options.FirstOrDefault(o => o.Name == "--store")!) is var at and >= 0)
            command.Options.Insert(at + 1, s_blobs);
        foreach (var below in command.Subcommands)
            AddBlobs(below);
    }

    public static Option<bool> JsonOption(string what) => new("--json") { Description = what };

    public static Option<string[]> SetOption() =>
        new("--set")
        {
            Description =
                "Override one value of the experiment, such as train.every=12 or, in quotes for the shell, "
                + "'variants.aligned.curate=[{dedupe: 0.8}]'; may be repeated. A list for a setting that takes one value, such as "
                + "'train.epochs=[1, 2]', is a setting of the matrix: one variant for each value",
            HelpName = "path=value",
        };

    public static Option<long?> SeedOption() =>
        WholeOption("--seed", "Seed of the run, as with --set seed=N", least: 0, most: long.MaxValue);

    /// <summary>An option that takes a whole number; null if it is not given.</summary>
    public static Option<long?> WholeOption(string name, string what, long least, long most) =>
        new(name)
        {
            Description = what,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (
                    long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least
                    && number <= most
                )
                    return number;
                result.AddError($"{name}: found '{text}', expected a whole number from {least} to {most}");
                return null;
            },
        };

    /// <summary>
    /// An option that takes one of the known names, or several if it may be repeated; an error suggests the nearest
    /// name.
    /// </summary>
    /// <param name="formerly">Earlier names with those that replaced them; accepted, and not shown.</param>
    public static Option<string[]> OneOf(
        string name,
        string what,
        IReadOnlyCollection<string> known,
        bool many = true,
        IReadOnlyDictionary<string, string>? formerly = null
    )
    {
        var option = new Option<string[]>(name)
        {
            Description = what,
            HelpName = string.Join('|', known),
            Arity = many ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                string[] found = [.. result.Tokens.Select(t => formerly?.GetValueOrDefault(t.Value) ?? t.Value)];
                foreach (var unknown in found.Except(known, StringComparer.Ordinal))
                    result.AddError($"{name}: found '{unknown}', expected one of {string.Join(", ", known)}{Nearest.Hint(unknown, known)}");
                return found;
            },
        };
        option.CompletionSources.Add([.. known]);
        return option;
    }

    /// <summary>Refuses unknown names.</summary>
    /// <exception cref="UsageException">A name is unknown.</exception>
    public static void RefuseUnknown(string option, IEnumerable<string> found, IReadOnlyCollection<string> known, string what)
    {
        foreach (var unknown in found.Where(f => !known.Contains(f, StringComparer.Ordinal)))
            throw new UsageException(
                $"{option}: found {what} '{unknown}', expected one of {string.Join(", ", known)}{Nearest.Hint(unknown, known)}"
            );
    }

    public static Argument<string> ExperimentArgument()
    {
        var experiment = new Argument<string>("experiment")
        {
            Description = "An experiment file, or the name of a shipped one, such as quickstart",
        };
        experiment.CompletionSources.Add(Completions.Experiments);
        return experiment;
    }

    public static Argument<string> InstanceArgument()
    {
        var instance = new Argument<string>("instance")
        {
            Description = "An instance such as inward-1 (of the newest run that has one), or run/instance",
        };
        instance.CompletionSources.Add(Completions.Instances);
        return instance;
    }

    /// <summary>The accepted names of a run.</summary>
    public const string RunForms = "its experiment's name if it is the newest, its id, or the id's first characters";

    public static Argument<string> RunOrInstanceArgument()
    {
        var either = new Argument<string>("run|instance")
        {
            Description = $"A run ({RunForms}), an instance such as inward-1, or run/instance",
        };
        either.CompletionSources.Add(Completions.Runs);
        either.CompletionSources.Add(Completions.Instances);
        return either;
    }

    /// <summary>Loads an experiment, or prints every problem on standard error.</summary>
    /// <exception cref="UsageException">The experiment is invalid.</exception>
    /// <param name="experiment">A file, or the name of a shipped experiment.</param>
    /// <param name="advise">Whether to print warnings about valid but probably unintended settings too.</param>
    public static Experiment Load(string experiment, string[]? sets, long? seed, bool advise = false)
    {
        var path = BundledFiles.Resolve(experiment);
        var loaded = ExperimentFile.Load(path, [.. sets ?? [], .. seed is { } s ? [$"seed={s}"] : Array.Empty<string>()]);
        foreach (var problem in advise ? loaded.Problems.AddRange(loaded.Advice) : loaded.Problems)
            System.Console.Error.WriteLine(problem); // not wrapped: editors jump to file:line:column
        var errors = loaded.Problems.Count(p => p.Severity == Severity.Error);
        if (loaded.Experiment is { } valid)
            return valid;
        string[] files = [.. loaded.Problems.Select(p => p.At.File).Distinct(StringComparer.Ordinal)];
        throw new UsageException(
            $"{(files is [var only] ? only : $"{path} and the files that it names")} "
                + $"{(files.Length == 1 ? "has" : "have")} {Lines.Count(errors, "problem")}; nothing was written."
        );
    }

    // Parses environment variables too, since a default value has no parser.
    private static StoreAddress? Address(SymbolResult result, string text, bool typed)
    {
        var blobs = result.GetResult(s_blobs) is { Implicit: false } given ? given.GetValueOrDefault<string?>() : null;
        try
        {
            var address = StoreAddress.Parse(text, blobs ?? Variable("AIME_BLOBS"));
            if (typed && address is PostgresAddress { HasPassword: true })
                result.AddError(
                    "--store: found a password, which other users of this machine and the shell's history can read; omit it, and "
                        + "set PGPASSWORD, name a password file in PGPASSFILE, or put the whole address into AIME_STORE"
                );
            else if (blobs is not null && address is DirectoryAddress)
                result.AddError(
                    "--blobs: the store is a directory, which contains its blobs and models; omit --blobs, or name a PostgreSQL "
                        + "database in --store"
                );
            return address;
        }
        catch (StoreAddressException e)
        {
            result.AddError(
                $"{(typed ? "--store" : "AIME_STORE")}: {e.Message}{(e.Unknown is { } unknown ? Nearest.Hint(unknown, e.Known) : "")}"
            );
            return null;
        }
    }

    /// <summary>Value of an environment variable; null if it is empty.</summary>
    internal static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
