using System.Collections.Immutable;
using AiMe.Console.Output;
using AiMe.Console.Terminal;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.Runs;
using AiMe.Lab.Runs.Imports;

namespace AiMe.Console.Commands;

/// <summary>Checks a file of experiences as a whole, and gives an instance what it has not been given of it.</summary>
internal static class ImportSubmission
{
    private const int MostProblems = 20,
        MostPlaces = 5;

    /// <summary>Reads a file; prints its problems and what is not taken over.</summary>
    /// <exception cref="UsageException">The file is invalid.</exception>
    public static ImportedFile Read(string path)
    {
        var file = ImportReader.Read(path);
        var errors = file.Problems.Where(p => p.Severity == Severity.Error).ToList();
        if (errors is [{ At.Line: 0 } only] && file.Problems.Length == 1)
            throw new UsageException($"{only}; nothing was written");
        // errors first: many warnings must not hide them
        foreach (var problem in errors.Concat(file.Problems.Except(errors)).Take(MostProblems))
            System.Console.Error.WriteLine(problem); // not wrapped: editors jump to file:line:column
        if (file.Problems.Length > MostProblems)
            System.Console.Error.WriteLine($"{path}: and {Lines.Count(file.Problems.Length - MostProblems, "more problem")}");
        if (errors.Count > 0)
            throw new UsageException(
                $"{path} has {Lines.Count(errors.Count, "problem")}; {Lines.Count(file.Refused)} of {Lines.Count(file.Records, "record")} "
                    + "cannot be imported; nothing was written"
            );
        foreach (var note in file.Notes)
            System.Console.Error.WriteLine($"{path}: {note}");
        return file;
    }

    /// <summary>Gives the instance what is missing, or says what would be given.</summary>
    /// <exception cref="UsageException">An exchange is too long for the model; nothing was written.</exception>
    public static async Task<int> RunAsync(
        StoreAddress address,
        InputTarget target,
        ImportedFile read,
        string topic,
        bool isDryRun,
        InputOptions options,
        CancellationToken cancellationToken
    )
    {
        var (plan, instance) = (target.Run.Plan!, target.Instances[0]);
        var (variant, replicate) = (target.Run.Instances[instance].Variant, target.Run.Instances[instance].Replicate);
        var file = WithoutCharter(read, plan.CharterOf(variant, replicate));
        ImportPlan import;
        ImportLimit? limit;
        await using (var opened = Stores.OpenReadOnly(address))
        {
            import = await ImportPlan.OfAsync(file, topic, opened, plan, instance, cancellationToken);
            limit = ImportLimit.Find(plan, variant, replicate, opened.ModelsDirectory);
        }

        if (limit is null && plan.Origin is ModelOrigin.Nano)
        {
            if (isDryRun)
                System.Console.Error.WriteLine("The base model is not in the store's models/ yet, so no length was checked.");
            else
                limit = await PrepareAsync(address, plan, (variant, replicate), options, cancellationToken);
        }

        if (limit is not null)
        {
            MustFit(file, limit);
            WarnUnreflected(file, limit, target);
        }

        if (import.Told > 0)
            System.Console.Error.WriteLine(
                $"{Lines.Count(import.Told)} of {Lines.Count(file.Experiences.Length)} were already told to {instance}."
            );
        if (isDryRun)
            TerminalWriter.Line($"{Lines.Count(import.Missing.Length, "experience")} would be given to {plan.Run}/{instance}.");
        return isDryRun || import.Missing.IsEmpty
            ? ExitCode.Done
            : await InputSubmission.RunAsync(address, target, import.Missing, options);
    }

    // The instance's own charter comes before every stimulus anyway.
    private static ImportedFile WithoutCharter(ImportedFile file, Charter charter)
    {
        ImmutableArray<ImportedExperience> bare = [.. file.Experiences.Select(e => e.Without(charter))];
        if (bare.Zip(file.Experiences).Count(pair => pair.First != pair.Second) is > 0 and var changed)
            System.Console.Error.WriteLine($"{file.Path}: the instance's own charter was taken off {Lines.Count(changed, "input")}");
        return file with { Experiences = bare };
    }

    private static async Task<ImportLimit?> PrepareAsync(
        StoreAddress address,
        RunPlan plan,
        (string Variant, int Replicate) instance,
        InputOptions options,
        CancellationToken cancellationToken
    )
    {
        await using var store = await Stores.OpenAsync(address, options.Synchronous, cancellationToken, cancellationToken);
        await PreparedModels.PrepareAsync(plan, store, options.Parallel, listener: null, progress: null, cancellationToken);
        return ImportLimit.Find(plan, instance.Variant, instance.Replicate, store.ModelsDirectory);
    }

    // A reflection that cannot be sampled stays empty, and the experience is stored without it.
    private static void WarnUnreflected(ImportedFile file, ImportLimit limit, InputTarget target)
    {
        var variant = target.Run.Plan!.Variants.First(v => v.Name == target.Run.Instances[target.Instances[0]].Variant);
        var room = variant.Reflector.Sampling.MaxTokens;
        if (file.Experiences.Count(e => e.Reflection is null && limit.Tokens(e) + room > limit.Context) is > 0 and var silent)
            System.Console.Error.WriteLine(
                $"{file.Path}: {Lines.Count(silent, "experience")} without a reflection, and too long to be reflected on with "
                    + $"{room} tokens of the {limit.Context}: the reflection stays empty"
            );
    }

    private static void MustFit(ImportedFile file, ImportLimit limit)
    {
        var tooLong = file.Experiences.Select(e => (e.At, Tokens: limit.Tokens(e))).Where(e => e.Tokens > limit.Context).ToList();
        if (tooLong.Count == 0)
            return;
        var places = string.Join(", ", tooLong.Take(MostPlaces).Select(e => $"{Place(e.At)} has {Lines.Count(e.Tokens)}"));
        throw new UsageException(
            $"{file.Path}: {Lines.Count(tooLong.Count)} of {Lines.Count(file.Experiences.Length, "experience")} "
                + $"{(tooLong.Count == 1 ? "is" : "are")} too long for the model, which reads {limit.Context} tokens with the charter: "
                + places
                + $"{(tooLong.Count > MostPlaces ? $" and {Lines.Count(tooLong.Count - MostPlaces)} more" : "")}; shorten or remove them; "
                + "nothing was written"
        );

        static string Place(Place at) => $"{at.Line}:{at.Column}";
    }
}
