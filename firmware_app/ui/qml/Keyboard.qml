import QtQuick

// The screen's own keyboard: rows of ten, in the order of the language, keys at least 9 mm high and a tenth of the width.
// It types into whatever has the focus and remembers nothing.
Rectangle {
    id: keyboard
    property Item target: null
    property bool capital: false
    property int page: 0
    readonly property var rows: [
        [["q","w","e","r","t","y","u","i","o","p"], ["a","s","d","f","g","h","j","k","l","-"], ["⇧","z","x","c","v","b","n","m","'","⌫"]],
        [["1","2","3","4","5","6","7","8","9","0"], ["é","ë","è","ï","ö","ü","ç","ñ","á","ó"], ["⇧","?","!",":",";","(",")","€","/","⌫"]]
    ][page]
    visible: target !== null
    // On its side every millimetre above it is wanted.
    readonly property real above: width < 1.2 * Look.narrow ? 2 * Look.gap : 0
    implicitHeight: visible ? 4 * Look.touch + above : 0
    color: Look.ground

    function type(key) {
        if (target === null) return;
        if (key === "⌫") {
            if (target.selectedText !== "") target.remove(target.selectionStart, target.selectionEnd);
            else if (target.cursorPosition > 0) target.remove(target.cursorPosition - 1, target.cursorPosition);
            return;
        }
        if (key === "⇧") { capital = !capital; return; }
        target.insert(target.cursorPosition, capital ? key.toUpperCase() : key);
        capital = false;
    }

    MouseArea { anchors.fill: parent }
    Column {
        anchors.fill: parent
        anchors.topMargin: keyboard.above / 2
        Repeater {
            model: keyboard.rows
            Row {
                id: row
                required property var modelData
                Repeater {
                    model: row.modelData
                    Key {
                        required property string modelData
                        width: keyboard.width / 10
                        text: keyboard.capital && modelData.length === 1 ? modelData.toUpperCase() : modelData
                        says: modelData === "⌫" ? qsTr("ui:key:erase") : (modelData === "⇧" ? qsTr("ui:key:capital") : text)
                        on: modelData === "⇧" && keyboard.capital
                        onPressed: keyboard.type(modelData)
                    }
                }
            }
        }
        Row {
            Key {
                width: keyboard.width * 2 / 10
                text: keyboard.page === 0 ? "123" : "abc"
                says: keyboard.page === 0 ? qsTr("ui:key:digits") : qsTr("ui:key:letters")
                onPressed: keyboard.page = 1 - keyboard.page
            }
            Key { width: keyboard.width / 10; text: ","; onPressed: keyboard.type(",") }
            Key {
                width: keyboard.width * 4 / 10
                text: qsTr("ui:key:space")
                onPressed: keyboard.type(" ")
            }
            Key { width: keyboard.width / 10; text: "."; onPressed: keyboard.type(".") }
            Key {
                width: keyboard.width * 2 / 10
                text: qsTr("ui:key:done")
                onPressed: {
                    const field = keyboard.target.field;
                    keyboard.target.focus = false;
                    field.accepted();
                }
            }
        }
    }
}
