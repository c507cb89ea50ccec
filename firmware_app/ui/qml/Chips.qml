import QtQuick

// One of several, or several: as many beside one another as fit.
Flow {
    id: chips
    property var choices: []
    property var chosen: []
    signal picked(string code)
    spacing: Look.gap
    Repeater {
        model: chips.choices
        Tap {
            required property var modelData
            choice: true
            text: modelData.word
            width: Math.min(implicitWidth, chips.width)
            chosen: chips.chosen.indexOf(modelData.code) >= 0
            onClicked: chips.picked(modelData.code)
        }
    }
}
