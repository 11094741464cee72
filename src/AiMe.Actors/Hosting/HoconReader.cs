using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace AiMe.Actors.Hosting;

/// <summary>Reads and checks Akka settings in HOCON.</summary>
/// <remarks>
/// Akka's own parser ignores what it does not understand. Here each such thing is an error that says where it is and
/// what was expected.
/// </remarks>
internal static partial class HoconReader
{
    private static readonly Lazy<ImmutableArray<HoconObject>> s_defaults = new(ReadDefaults);

    /// <summary>Reads and checks settings.</summary>
    /// <param name="given">Every single value with its path, without the values of variables.</param>
    /// <exception cref="FormatException">
    /// The text is not HOCON, or a value differs in kind from the setting's default.
    /// </exception>
    public static Config Read(string hocon, out ImmutableArray<(string Path, string Value)> given)
    {
        HoconSyntax.Check(hocon);
        // HOCON falls back to the environment. Akka.NET's parser does not, so the environment variables in use are
        // defined first.
        var variables = Substitution()
            .Matches(hocon)
            .Select(m => m.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(v => v.Value is not null)
            .ToArray();
        var read = Parse(string.Concat(variables.Select(v => $"{v.Name} = {JsonSerializer.Serialize(v.Value)}\n")), hocon);
        if (read.Root is not { } root || root.Values.Count == 0)
        {
            given = [];
            return read;
        }

        Check(root.GetObject(), s_defaults.Value, "");
        given = [.. ValuesOf(root.GetObject(), "").Where(g => !variables.Any(v => v.Name == g.Path))]; // they may be secrets
        return read;
    }

    private static Config Parse(string variables, string hocon)
    {
        try
        {
            return ConfigurationFactory.ParseString(variables + hocon);
        }
        catch (FormatException e) when (e.Message.StartsWith("Unresolved substitution: ", StringComparison.Ordinal))
        {
            throw new FormatException(
                $"${{{e.Message["Unresolved substitution: ".Length..]}}} is neither a setting in this file nor an "
                    + "environment variable",
                e
            );
        }
        catch (Exception e) when (e is not OutOfMemoryException) // Akka's parser throws exceptions of many types
        {
            throw new FormatException(
                $"the text is not HOCON that Akka.NET can read: {e.Message.Split('\n')[0].TrimEnd(' ', ':', '\r')}",
                e
            );
        }
    }

    private static IEnumerable<(string Path, string Value)> ValuesOf(HoconObject section, string path) =>
        section.Items.SelectMany(item =>
            item.Value switch
            {
                var value when IsSubstituted(value) => [(path + item.Key, "${...}")],
                var value when value.IsObject() => ValuesOf(value.GetObject(), $"{path}{item.Key}."),
                var value when value.IsArray() => [(path + item.Key, "[...]")],
                var value => [(path + item.Key, value.GetString() ?? "")],
            }
        );

    private static void Check(HoconObject given, ImmutableArray<HoconObject> defaults, string path)
    {
        foreach (var (key, value) in given.Items)
        {
            if (value.Values.Count == 0)
                throw new FormatException($"there is no value for '{path}{key.ReplaceLineEndings(" ")}', expected key = value");
            if (IsSubstituted(value))
                continue;
            ImmutableArray<HoconValue> known =
            [
                .. defaults
                    .Where(d => d.Items.ContainsKey(key))
                    .Select(d => d.Items[key])
                    .Where(d => d.Values.Count > 0 && !IsSubstituted(d)),
            ];
            if (known.FirstOrDefault() is { } byDefault)
                Check(path + key, value, byDefault);
            else if (!value.IsObject() && Misspelt(key, defaults) is { } meant)
                throw new FormatException($"{path}{key}: there is no such setting, expected {path}{meant}");
            if (value.IsObject())
                Check(value.GetObject(), [.. known.Where(k => k.IsObject()).Select(k => k.GetObject())], $"{path}{key}.");
        }
    }

    // The default key that differs in one or two letters, or null. An unknown key alone is no error: some sections take
    // any key.
    private static string? Misspelt(string key, ImmutableArray<HoconObject> defaults) =>
        key.Length < 6
            ? null
            : defaults
                .SelectMany(d => d.Items.Keys)
                .Where(k => k.Length >= 6 && EditDistance.Between(key, k) <= 2)
                .MinBy(k => EditDistance.Between(key, k));

    private static void Check(string path, HoconValue value, HoconValue byDefault)
    {
        var expected = byDefault switch
        {
            _ when byDefault.IsObject() => value.IsObject() ? null : "a section in braces",
            _ when byDefault.IsArray() => value.IsArray() ? null : "a list in brackets",
            _ when value.IsObject() || value.IsArray() => "a single value",
            _ => Expected(value.GetString() ?? "", byDefault.GetString() ?? ""),
        };
        if (expected is not null)
            throw new FormatException(
                $"{path}: found "
                    + $"{(value.IsObject() ? "a section" : value.IsArray() ? "a list" : $"'{value.GetString()}'")}, expected "
                    + $"{expected}"
            );
    }

    // Null if the value is of the default's kind. Many times and numbers accept "off", and some switches accept a time
    // or a log level.
    private static string? Expected(string given, string byDefault) =>
        byDefault switch
        {
            _ when Level().IsMatch(byDefault) => Level().IsMatch(given) || given == "off" ? null : "debug, info, warning, error or off",
            _ when Switch().IsMatch(byDefault) => Switch().IsMatch(given)
            || Number().IsMatch(given)
            || Time().IsMatch(given)
            || Level().IsMatch(given)
                ? null
                : "on or off",
            _ when Number().IsMatch(byDefault) => Number().IsMatch(given)
            || Size().IsMatch(given)
            || Time().IsMatch(given)
            || Unlimited().IsMatch(given)
                ? null
                : $"a number such as {byDefault}",
            _ when Time().IsMatch(byDefault) => Time().IsMatch(given) || Number().IsMatch(given) || Unlimited().IsMatch(given)
                ? null
                : $"a time such as {byDefault}",
            _ when Size().IsMatch(byDefault) => Size().IsMatch(given) || Number().IsMatch(given) || Unlimited().IsMatch(given)
                ? null
                : $"a size such as {byDefault}",
            _ => null,
        };

    private static bool IsSubstituted(HoconValue value) => value.Values.OfType<HoconSubstitution>().Any();

    // AiMe's defaults first, then those of the Akka packages.
    private static ImmutableArray<HoconObject> ReadDefaults()
    {
        Type[] packages =
        [
            typeof(HoconReader),
            typeof(Akka.Actor.ActorSystem),
            typeof(Akka.Remote.RemoteActorRef),
            typeof(Akka.Cluster.Cluster),
            typeof(Akka.Cluster.Sharding.ClusterSharding),
            typeof(Akka.Cluster.Tools.Singleton.ClusterSingleton),
            typeof(Akka.DistributedData.DistributedData),
            typeof(Akka.Coordination.Lease),
            typeof(Akka.Persistence.Persistence),
            typeof(Akka.Persistence.Sql.SqlPersistence),
            typeof(Akka.Streams.ActorMaterializer),
        ];
        return
        [
            .. packages
                .Select(p => p.Assembly)
                .Distinct()
                .SelectMany(a =>
                    a.GetManifestResourceNames()
                        .Where(r => r.EndsWith(".conf", StringComparison.Ordinal))
                        .Select(r => ConfigurationFactory.FromResource(r, a))
                )
                .Where(c => !c.IsEmpty)
                .Select(c => c.Root.GetObject()),
        ];
    }

    [GeneratedRegex(@"\$\{\??(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Substitution();

    [GeneratedRegex("^(on|off|true|false|yes|no)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Switch();

    [GeneratedRegex("^(debug|info|warning|error)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Level();

    [GeneratedRegex("^(off|on|none|auto|infinite|infinity|unlimited|unbounded|never|undefined|)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Unlimited();

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"^[0-9]+(\.[0-9]+)?\s*"
            + "(ns|nanos?|nanoseconds?|us|micros?|microseconds?|ms|millis?|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Time();

    [GeneratedRegex(
        "^[0-9]+(\\.[0-9]+)?\\s*(b|bytes?|[kmgt]i?b?|(kilo|mega|giga|tera|kibi|mebi|gibi|tebi)bytes?)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Size();
}
