using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AiMe.Lab.Analysis.Comparison;

namespace AiMe.Console.Output.Documents;

/// <summary>
/// The contract of documents: text that is not ASCII is not escaped, the members of flattened records are members of
/// their document, and the measures are members of <see cref="MeasureFigures"/>.
/// </summary>
internal static class OutputContract
{
    /// <summary>Options for writing documents, and for their schemas.</summary>
    public static JsonSerializerOptions Options { get; } =
        new(OutputJson.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = OutputJson.Default.WithAddedModifier(AddMeasures).WithAddedModifier(Flatten),
        };

    private static void AddMeasures(JsonTypeInfo type)
    {
        foreach (var measure in type.Type == typeof(MeasureFigures) ? Measure.All : [])
        {
            var member = type.CreateJsonPropertyInfo(typeof(double?), measure.Key);
            member.Get = figures => ((MeasureFigures)figures)[measure];
            type.Properties.Add(member);
        }
    }

    private static void Flatten(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var whole = type.Properties[i];
            if (whole.AttributeProvider?.IsDefined(typeof(FlattenedAttribute), inherit: false) != true)
                continue;
            type.Properties.RemoveAt(i);
            foreach (var (at, member) in type.Options.GetTypeInfo(whole.PropertyType).Properties.Index())
                type.Properties.Insert(i + at, MemberOf(type, whole.Get!, member));
        }
    }

    private static JsonPropertyInfo MemberOf(JsonTypeInfo type, Func<object, object?> whole, JsonPropertyInfo member)
    {
        var copy = type.CreateJsonPropertyInfo(member.PropertyType, member.Name);
        copy.AttributeProvider = member.AttributeProvider;
        copy.Get = document => member.Get!(whole(document)!);
        copy.IsGetNullable = member.IsGetNullable;
        copy.Order = member.Order;
        if (
            member.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }]
        )
            copy.ShouldSerialize = (_, value) => value is not null;
        return copy;
    }
}
