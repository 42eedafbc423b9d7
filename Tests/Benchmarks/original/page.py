"""The demo's page, as it is usually written: with Streamlit in front of the API of `main.py`.

    BACKEND_URL=http://127.0.0.1:8000 streamlit run page.py
"""

import os

import requests
import streamlit as st

BACKEND_URL = os.environ.get("BACKEND_URL", "http://127.0.0.1:8000")
TYPES = ["user_action", "system", "error", "info"]

st.set_page_config(page_title="Event Log", layout="wide")
st.title("Event Log")

with st.sidebar:
    st.header("Backend")
    try:
        requests.get(f"{BACKEND_URL}/health", timeout=5).raise_for_status()
        st.success("Healthy")
    except requests.RequestException as error:
        st.error(f"Not reachable: {error}")
        st.stop()

create, listing = st.columns([1, 2])

with create, st.form("create", clear_on_submit=True):
    st.subheader("New event")
    event = {
        "type": st.selectbox("Type", TYPES),
        "source": st.text_input("Source"),
        "message": st.text_area("Message"),
    }
    if st.form_submit_button("Create"):
        answer = requests.post(f"{BACKEND_URL}/events", json=event, timeout=5)
        if answer.ok:
            st.success(f"Created {answer.json()['id']}")
        else:
            st.error(answer.text)

with listing:
    st.subheader("Events")
    chosen = st.selectbox("Type", ["all", *TYPES], key="filter")
    query = {} if chosen == "all" else {"type": chosen}
    answer = requests.get(f"{BACKEND_URL}/events", query, timeout=5)
    answer.raise_for_status()
    st.dataframe(answer.json())
