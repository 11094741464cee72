using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Console.Output.Documents;

/// <summary>A number, or null if it is undefined or infinite.</summary>
internal sealed class FigureJson : JsonConverter<double?>
{
    public override double? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is { } v && double.IsFinite(v))
            writer.WriteNumberValue(v);
        else
            writer.WriteNullValue();
    }
}
