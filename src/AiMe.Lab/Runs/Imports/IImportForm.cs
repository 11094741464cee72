using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Runs.Imports;

/// <summary>A form in which files hold experiences.</summary>
internal interface IImportForm
{
    /// <summary>Whether a record has this form, by its members.</summary>
    bool Matches(MappingNode record);

    /// <summary>Reads the record's exchanges; reports what it cannot read.</summary>
    void Read(ImportRecord record);
}
